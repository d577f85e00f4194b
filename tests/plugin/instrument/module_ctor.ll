; The module announces its ABI before any other constructor runs; one constructor of a
; version remains in a program.
; PASSES: goc-race<calls>

; CHECK: $goc.race.module_ctor.[[V:[0-9]+]] = comdat any
; CHECK: @llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 0, ptr @goc.race.module_ctor.[[V]], ptr @goc.race.module_ctor.[[V]] }]
; CHECK: define internal void @goc.race.module_ctor.[[V]]() {{.*}}comdat
; CHECK-NEXT: call void @goc_race_module_init(i32 [[V]])
; CHECK-NEXT: ret void

define void @f(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  ret void
}
