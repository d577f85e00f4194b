; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-dominated

define i32 @read_behind_write(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @read_behind_write
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
  store i32 1, ptr %p, align 4
  %v = load i32, ptr %p, align 4
  ret i32 %v
}
