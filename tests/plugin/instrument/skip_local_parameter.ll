; What only ever points to the caller's own memory is not checked in the callee either.
; PASSES: goc-race<calls>

declare noalias ptr @malloc(i64) nounwind
declare void @free(ptr) nounwind
declare void @spawn(ptr)
@shared = global i32 0
@kept = global ptr null

define internal void @of_locals(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @of_locals
; CHECK-NOT: goc_race_write
; CHECK: ret
  %q = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %q, align 4
  ret void
}

define internal void @recursive(ptr %p, i64 %n) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @recursive
; CHECK-NOT: goc_race_write
; CHECK: ret
  store i32 1, ptr %p, align 4
  call void @of_locals(ptr %p)
  %c = icmp eq i64 %n, 0
  br i1 %c, label %done, label %more
more:
  %q = getelementptr i8, ptr %p, i64 4
  %m = sub i64 %n, 1
  call void @recursive(ptr nocapture nofree %q, i64 %m)
  br label %done
done:
  ret void
}

define internal void @of_a_global_too(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @of_a_global_too
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

define internal void @spawned(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @spawned
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

define internal void @frees(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @frees
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  call void @free(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

define internal void @of_a_freed_block(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @of_a_freed_block
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

define internal void @of_what_is_kept(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define internal void @of_what_is_kept
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

define void @known_elsewhere(ptr %p) noinline nounwind sanitize_thread {
; CHECK-LABEL: define void @known_elsewhere
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

define void @caller() nounwind sanitize_thread {
  %a = alloca [4 x i32], align 4
  %b = call ptr @malloc(i64 16)
  call void @of_locals(ptr %a)
  call void @of_locals(ptr %b)
  call void @recursive(ptr nocapture nofree %b, i64 3)
  call void @of_a_global_too(ptr %a)
  call void @of_a_global_too(ptr @shared)
  call void @spawned(ptr %a)
  call void @spawn(ptr @spawned)
  call void @known_elsewhere(ptr %a)
  call void @free(ptr %b)
  %c = call ptr @malloc(i64 16)
  call void @frees(ptr %c)
  %d = call ptr @malloc(i64 16)
  call void @free(ptr %d)
  call void @of_a_freed_block(ptr %d)
  %e = alloca i32, align 4
  store ptr %e, ptr @kept, align 8
  call void @of_what_is_kept(ptr %e)
  ret void
}
