; A module that comes by twice is instrumented once.
; PASSES: goc-race<calls>,goc-race<calls>

define void @f(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @f
; CHECK: goc_race_func_enter
; CHECK-NOT: goc_race_func_enter
; CHECK: call preserve_mostcc void @goc_race_write4
; CHECK-NOT: goc_race_write4
; CHECK: ret
  store i32 1, ptr %p, align 4
  ret void
}
