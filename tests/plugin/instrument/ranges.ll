; A loop's accesses that fill a range are checked once in front of it, if the loop ends after a
; known number of turns and orders nothing.
; PASSES: goc-race<calls>

declare void @unknown()
declare double @sin(double) nounwind
declare double @llvm.sqrt.f64(double)
@flag = global i32 0
@matrix = global [100 x [50 x i32]] zeroinitializer

define i32 @upwards(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define i32 @upwards
; CHECK: [[BYTES:%.*]] = shl i64 %n, 2
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %a, i64 [[BYTES]])
; CHECK-NEXT: br label %loop
; CHECK-NOT: goc_race_read
; CHECK: ret
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %more, %loop ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  %v = load i32, ptr %p, align 4
  %more = add i32 %sum, %v
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret i32 %more
}

; The exit in front: as many as there are turns, maybe none.
define void @exit_first(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @exit_first
; CHECK: [[BYTES:%.*]] = shl i64 %n, 2
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr %a, i64 [[BYTES]])
; CHECK-NOT: goc_race_write
; CHECK: ret
entry:
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp ne i64 %i, %n
  br i1 %more, label %body, label %exit
body:
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  %next = add nuw nsw i64 %i, 1
  br label %head
exit:
  ret void
}

define void @downwards(ptr %a) sanitize_thread {
; CHECK-LABEL: define void @downwards
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr %a, i64 400)
; CHECK-NOT: goc_race_write
; CHECK: ret
entry:
  br label %loop
loop:
  %i = phi i64 [ 99, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  %next = add nsw i64 %i, -1
  %done = icmp eq i64 %i, 0
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; Column by column: the inner loop leaves gaps, which the outer one fills.
define void @columns() sanitize_thread {
; CHECK-LABEL: define void @columns
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr @matrix, i64 20000)
; CHECK-NOT: goc_race_write
; CHECK: ret
entry:
  br label %outer
outer:
  %j = phi i64 [ 0, %entry ], [ %j2, %latch ]
  br label %inner
inner:
  %i = phi i64 [ 0, %outer ], [ %i2, %inner ]
  %p = getelementptr inbounds [100 x [50 x i32]], ptr @matrix, i64 0, i64 %i, i64 %j
  store i32 1, ptr %p, align 4
  %i2 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i2, 100
  br i1 %c, label %latch, label %inner
latch:
  %j2 = add nuw nsw i64 %j, 1
  %d = icmp eq i64 %j2, 50
  br i1 %d, label %exit, label %outer
exit:
  ret void
}

; Half of the columns: gaps are left, and only what the inner loop does is looked at.
define void @some_columns() sanitize_thread {
; CHECK-LABEL: define void @some_columns
; CHECK: inner:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: ret
entry:
  br label %outer
outer:
  %j = phi i64 [ 0, %entry ], [ %j2, %latch ]
  br label %inner
inner:
  %i = phi i64 [ 0, %outer ], [ %i2, %inner ]
  %p = getelementptr inbounds [100 x [50 x i32]], ptr @matrix, i64 0, i64 %i, i64 %j
  store i32 1, ptr %p, align 4
  %i2 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i2, 100
  br i1 %c, label %latch, label %inner
latch:
  %j2 = add nuw nsw i64 %j, 1
  %d = icmp eq i64 %j2, 25
  br i1 %d, label %exit, label %outer
exit:
  ret void
}

define void @same_address(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @same_address
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
; CHECK-NEXT: br label %loop
; CHECK-NOT: goc_race_write
; CHECK: ret
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  store i32 1, ptr %a, align 4
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; A function of this module and one of libm order nothing.
define void @calls(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @calls
; CHECK: call preserve_mostcc void @goc_race_write_range
; CHECK: loop:
; CHECK-NOT: goc_race_{{read|write}}
; CHECK: ret
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds double, ptr %a, i64 %i
  %v = load double, ptr %p, align 8
  %s = call double @sin(double %v)
  store double %s, ptr %p, align 8
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; What does not qualify, one reason each.

define void @too_short(ptr %a) sanitize_thread {
; CHECK-LABEL: define void @too_short
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, 7
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

define void @gaps(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @gaps
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds { i32, i32 }, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

define void @not_each_turn(ptr %a, ptr %b, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @not_each_turn
; CHECK: yes:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %odd = trunc i64 %i to i1
  br i1 %odd, label %yes, label %latch
yes:
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  br label %latch
latch:
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

define void @second_exit(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @second_exit
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  %v = load i32, ptr %p, align 4
  %found = icmp eq i32 %v, 7
  br i1 %found, label %exit, label %latch
latch:
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

define void @unknown_call(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @unknown_call
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  call void @unknown()
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; What is acquired in one turn would be missing in front.
define void @acquires(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @acquires
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %v = load atomic i32, ptr @flag acquire, align 4
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; The loop inside may never end.
define void @endless_inside(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @endless_inside
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  br label %wait
wait:
  %v = load atomic i32, ptr @flag monotonic, align 4
  %c = icmp eq i32 %v, 0
  br i1 %c, label %wait, label %latch
latch:
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}
