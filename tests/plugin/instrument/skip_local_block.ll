; A block of the heap that never leaves its function is the strand's own until it is freed.
; PASSES: goc-race<calls>

declare noalias ptr @malloc(i64) nounwind
declare noalias ptr @calloc(i64, i64) nounwind
declare noalias ptr @pool_get(i64) nounwind
declare void @free(ptr) nounwind
declare ptr @realloc(ptr, i64) nounwind
declare void @look(ptr nocapture) nounwind
@shared = global ptr null

define void @stays() sanitize_thread {
; CHECK-LABEL: define void @stays
; CHECK-NOT: call preserve_mostcc void @goc_race_write4
; CHECK: ret
  %p = call ptr @malloc(i64 8)
  store i32 1, ptr %p, align 4
  %q = call ptr @calloc(i64 8, i64 1)
  %e = getelementptr i8, ptr %q, i64 4
  store i32 1, ptr %e, align 4
  call void @free(ptr %p)
  call void @free(ptr %q)
  ret void
}

define void @each_turn(i64 %n) sanitize_thread {
; CHECK-LABEL: define void @each_turn
; CHECK-NOT: call preserve_mostcc void @goc_race_write4
; CHECK: ret
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = call ptr @malloc(i64 8)
  store i32 1, ptr %p, align 4
  call void @free(ptr %p)
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

define void @kept() sanitize_thread {
; CHECK-LABEL: define void @kept
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %p = call ptr @malloc(i64 8)
  store i32 1, ptr %p, align 4
  store ptr %p, ptr @shared, align 8
  ret void
}

define void @used_after_free() sanitize_thread {
; CHECK-LABEL: define void @used_after_free
; CHECK-NOT: call preserve_mostcc void @goc_race_write4
; CHECK: call void @free
; CHECK-NEXT: call preserve_mostcc void @goc_race_write4(ptr %p)
  %p = call ptr @malloc(i64 8)
  store i32 1, ptr %p, align 4
  call void @free(ptr %p)
  store i32 2, ptr %p, align 4
  ret void
}

define void @freed_in_the_turn_before(i64 %n) sanitize_thread {
; CHECK-LABEL: define void @freed_in_the_turn_before
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  %p = call ptr @malloc(i64 8)
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  store i32 1, ptr %p, align 4
  call void @free(ptr %p)
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

define void @maybe_freed() sanitize_thread {
; CHECK-LABEL: define void @maybe_freed
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %p = call ptr @malloc(i64 8)
  call void @look(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}

; Whether blocks of an allocator of the program's own come back in order is to be found out.
define void @other_allocator() sanitize_thread {
; CHECK-LABEL: define void @other_allocator
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %p = call ptr @pool_get(i64 8)
  store i32 1, ptr %p, align 4
  ret void
}
