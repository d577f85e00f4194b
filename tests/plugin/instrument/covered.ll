; A check stands for an earlier one of fewer bytes or a weaker kind, if it is sure to come and
; nothing between can order the strand against another.
; PASSES: goc-race<calls>

declare void @order()

define void @increment(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @increment
; CHECK-NOT: goc_race_read
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NEXT: store
; CHECK-NOT: goc_race_read
; CHECK: ret
  %v = load i32, ptr %p, align 4
  %w = add i32 %v, 1
  store i32 %w, ptr %p, align 4
  ret void
}

define void @call_between(ptr %p) nounwind sanitize_thread {
; CHECK-LABEL: define void @call_between
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call void @order()
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  call void @order()
  store i32 %v, ptr %p, align 4
  ret void
}

define void @atomic_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @atomic_between
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call void @goc_race_atomic32_store
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  store atomic i32 1, ptr %flag release, align 4
  store i32 %v, ptr %p, align 4
  ret void
}

define void @narrower_write(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @narrower_write
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write1(ptr %p)
  %v = load i32, ptr %p, align 4
  store i8 1, ptr %p, align 1
  ret void
}

define void @other_block(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @other_block
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p, align 4
  br label %no
no:
  ret void
}

define void @wider_read(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @wider_read
; CHECK-NOT: goc_race_read4
; CHECK: call preserve_mostcc void @goc_race_read8(ptr %p)
; CHECK-NOT: goc_race_read
; CHECK: ret
  %q = getelementptr i8, ptr %p, i64 4
  %v = load i32, ptr %q, align 4
  %w = load i64, ptr %p, align 8
  ret void
}

define void @overlapping_write(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @overlapping_write
; CHECK: call preserve_mostcc void @goc_race_read4
; CHECK: call preserve_mostcc void @goc_race_write4
  %q = getelementptr i8, ptr %p, i64 2
  %v = load i32, ptr %q, align 4
  store i32 1, ptr %p, align 4
  ret void
}

define void @both_ways_write(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @both_ways_write
; CHECK-NOT: goc_race_read
; CHECK: ret
  %v = load i32, ptr %p, align 4
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p, align 4
  br label %done
no:
  store i32 2, ptr %p, align 4
  br label %done
done:
  ret void
}

; What an acquire lets the write know, the read does not know.
define void @acquire_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @acquire_between
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call i32 @goc_race_atomic32_load
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  %f = load atomic i32, ptr %flag acquire, align 4
  store i32 1, ptr %p, align 4
  ret void
}

define void @relaxed_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @relaxed_between
; CHECK-NOT: call preserve_mostcc void @goc_race_read4
; CHECK: call i32 @goc_race_atomic32_load
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  %f = load atomic i32, ptr %flag monotonic, align 4
  store i32 1, ptr %p, align 4
  ret void
}

; The loop between may run for ever.
define void @loop_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @loop_between
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  %v = load i32, ptr %p, align 4
  br label %again
again:
  %f = load atomic i32, ptr %flag monotonic, align 4
  %stop = icmp ne i32 %f, 0
  br i1 %stop, label %done, label %again
done:
  store i32 1, ptr %p, align 4
  ret void
}

; A turn that goes round to the head again may do so for ever.
define void @turns_without_write(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @turns_without_write
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  %v = load i32, ptr %p, align 4
  br label %again
again:
  %f = load atomic i32, ptr %flag monotonic, align 4
  %c = icmp ne i32 %f, 0
  br i1 %c, label %write, label %again
write:
  store i32 1, ptr %p, align 4
  br label %again
}

define void @may_not_return(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @may_not_return
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  call void @quiet_but_endless()
  store i32 1, ptr %p, align 4
  ret void
}

define void @returns(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @returns
; CHECK-NOT: call preserve_mostcc void @goc_race_read4
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  call void @quiet()
  store i32 1, ptr %p, align 4
  ret void
}

; The pointer of the next turn is another.
define void @next_turn(ptr %p, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @next_turn
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %q)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %next)
entry:
  br label %again
again:
  %q = phi ptr [ %p, %entry ], [ %next, %again ]
  store i32 1, ptr %q, align 4
  %next = load ptr, ptr %q, align 8, !nosanitize !0
  %v = load i32, ptr %next, align 4
  %c = icmp eq i32 %v, 0
  br i1 %c, label %done, label %again
done:
  ret void
}

declare void @quiet_but_endless() nosync nofree nounwind
declare void @quiet() nosync nofree nounwind willreturn
!0 = !{}
