; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-escape

declare noalias ptr @malloc(i64) nounwind

define void @block() sanitize_thread {
; CHECK-LABEL: define void @block
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %p = call ptr @malloc(i64 8)
  store i32 1, ptr %p, align 4
  ret void
}

define void @variable() sanitize_thread {
; CHECK-LABEL: define void @variable
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  %slot = alloca ptr, align 8
  store ptr %a, ptr %slot, align 8
  store i32 1, ptr %a, align 4
  ret void
}
