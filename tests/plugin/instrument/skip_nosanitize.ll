; What another instrumentation added is not the program's.
; PASSES: goc-race<calls>

define i32 @other(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @other
; CHECK-NOT: goc_race
; CHECK: ret
  %v = load i32, ptr %p, align 4, !nosanitize !0
  ret i32 %v
}

!0 = !{}
