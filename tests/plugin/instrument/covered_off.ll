; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-covered

define void @increment(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @increment
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  %w = add i32 %v, 1
  store i32 %w, ptr %p, align 4
  ret void
}
