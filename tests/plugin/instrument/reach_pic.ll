; A shared object may be loaded into a program that cannot tell.
; PASSES: goc-reach

target triple = "x86_64-pc-linux-gnu"

declare void @goc_go(ptr, ptr, i64)

define internal void @known(ptr %p) {
  ret void
}

define void @spawn(ptr %p) {
; CHECK-LABEL: define void @spawn
; CHECK-NEXT: call void @goc_go(ptr @known, ptr %p, i64 8)
  call void @goc_go(ptr @known, ptr %p, i64 8)
  ret void
}

!llvm.module.flags = !{!0}
!0 = !{i32 8, !"PIC Level", i32 2}
