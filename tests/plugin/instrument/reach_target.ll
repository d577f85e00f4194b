; So may code for a system whose frames goc does not know.
; PASSES: goc-reach

target triple = "aarch64-unknown-linux-gnu"

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

