; What cursors access, up to where the data stop them, is checked a line of the cache at a time,
; and what is left behind the loop around.
; PASSES: goc-race<calls>

declare void @unknown()

; The first loop goes up from where it was, the second one down.
define void @partition(ptr %v, i64 %low, i64 %high, i32 %pivot) sanitize_thread {
; CHECK-LABEL: define void @partition
; CHECK-NOT: alloca
; CHECK: up:
; CHECK: [[BEGIN:%.*]] = ptrtoint ptr %p to i64
; CHECK: [[END:%.*]] = add i64 [[BEGIN]], 4
; CHECK: [[APART:%.*]] = icmp ne i64 [[BEGIN]], {{%.*}}
; CHECK: [[LINE:%.*]] = and i64 [[BEGIN]], 63
; CHECK: [[NEW:%.*]] = icmp eq i64 [[LINE]], 0
; CHECK: or i1 [[APART]], [[NEW]]
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr {{%.*}}, i64 {{%.*}})
; CHECK-NOT: goc_race_read4
; CHECK: %x = load i32, ptr %p
; CHECK: [[BEGIN:%.*]] = ptrtoint ptr %q to i64
; CHECK: [[END:%.*]] = add i64 [[BEGIN]], 4
; CHECK: icmp ne i64 [[END]], {{%.*}}
; CHECK: and i64 [[END]], 63
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr {{%.*}}, i64 {{%.*}})
; CHECK-NOT: goc_race_read4
; CHECK: %y = load i32, ptr %q
; CHECK: swap:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p.found)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %q.found)
; CHECK: exit:
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr {{%.*}}, i64 {{%.*}})
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr {{%.*}}, i64 {{%.*}})
; CHECK: ret void
entry:
  br label %around
around:
  %i.first = phi i64 [ %low, %entry ], [ %i.then, %next ]
  %j.first = phi i64 [ %high, %entry ], [ %j.then, %next ]
  br label %up
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %between
between:
  %p.found = getelementptr inbounds i32, ptr %v, i64 %i
  br label %down
down:
  %j = phi i64 [ %j.first, %between ], [ %j.next, %down ]
  %q = getelementptr inbounds i32, ptr %v, i64 %j
  %y = load i32, ptr %q, align 4
  %above = icmp sgt i32 %y, %pivot
  %j.next = add nsw i64 %j, -1
  br i1 %above, label %down, label %met
met:
  %crossed = icmp sgt i64 %i, %j
  br i1 %crossed, label %next, label %swap
swap:
  %q.found = getelementptr inbounds i32, ptr %v, i64 %j
  store i32 %y, ptr %p.found, align 4
  store i32 %x, ptr %q.found, align 4
  %i.more = add nsw i64 %i, 1
  %j.less = add nsw i64 %j, -1
  br label %next
next:
  %i.then = phi i64 [ %i.more, %swap ], [ %i, %met ]
  %j.then = phi i64 [ %j.less, %swap ], [ %j, %met ]
  %more = icmp sle i64 %i.then, %j.then
  br i1 %more, label %around, label %exit
exit:
  ret void
}

; A write is one too, and a pointer a cursor.
define void @fill(ptr %v, i64 %high) sanitize_thread {
; CHECK-LABEL: define void @fill
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr {{%.*}}, i64 {{%.*}})
; CHECK: store i64 %n, ptr %p
; CHECK: exit:
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr {{%.*}}, i64 {{%.*}})
entry:
  br label %around
around:
  %first = phi ptr [ %v, %entry ], [ %then, %next ]
  %m = phi i64 [ %high, %entry ], [ %n.next, %next ]
  br label %inner
inner:
  %p = phi ptr [ %first, %around ], [ %p.next, %inner ]
  %n = phi i64 [ %m, %around ], [ %n.next, %inner ]
  store i64 %n, ptr %p, align 8
  %p.next = getelementptr inbounds i8, ptr %p, i64 8
  %n.square = mul i64 %n, %n
  %n.next = add i64 %n.square, 3
  %odd = trunc i64 %n.next to i1
  br i1 %odd, label %inner, label %next
next:
  %then = getelementptr inbounds i8, ptr %p.next, i64 8
  %more = icmp ugt i64 %n.next, 9
  br i1 %more, label %around, label %exit
exit:
  ret void
}

; What may order, or not come back: the check must not come later.
define void @calls(ptr %v, i64 %low, i32 %pivot) sanitize_thread {
; CHECK-LABEL: define void @calls
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
entry:
  br label %around
around:
  %i.first = phi i64 [ %low, %entry ], [ %i.next, %next ]
  br label %up
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %next
next:
  call void @unknown()
  %more = icmp ne i32 %x, 0
  br i1 %more, label %around, label %exit
exit:
  ret void
}

; A loop that may run for ever and does not move: the check must not come behind it.
define void @waits(ptr %v, i64 %low, i32 %pivot, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @waits
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
entry:
  br label %around
around:
  %i.first = phi i64 [ %low, %entry ], [ %i.next, %next ]
  br label %up
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %wait
wait:
  %seen = load atomic i32, ptr %flag monotonic, align 4
  %not.yet = icmp eq i32 %seen, 0
  br i1 %not.yet, label %wait, label %next
next:
  %more = icmp ne i32 %x, 0
  br i1 %more, label %around, label %exit
exit:
  ret void
}

; A turn that may go without the access could put its check off for ever.
define void @sometimes(ptr %v, i64 %low, i32 %pivot, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @sometimes
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
entry:
  br label %around
around:
  %i.first = phi i64 [ %low, %entry ], [ %i.then, %next ]
  %seen = load atomic i32, ptr %flag monotonic, align 4
  %wanted = icmp eq i32 %seen, 0
  br i1 %wanted, label %before, label %next
before:
  br label %up
up:
  %i = phi i64 [ %i.first, %before ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %next
next:
  %i.then = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %more = icmp ne i32 %seen, 7
  br i1 %more, label %around, label %exit
exit:
  ret void
}

; Each time from anywhere: a call of a few elements would cost more than their own checks.
define void @jumps(ptr %v, ptr %starts, i32 %pivot) sanitize_thread {
; CHECK-LABEL: define void @jumps
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
entry:
  br label %around
around:
  %at = phi i64 [ 0, %entry ], [ %at.next, %next ]
  %start = getelementptr inbounds i64, ptr %starts, i64 %at
  %i.first = load i64, ptr %start, align 8
  br label %up
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %next
next:
  %at.next = add i64 %at, 1
  %more = icmp ne i32 %x, 0
  br i1 %more, label %around, label %exit
exit:
  ret void
}

; Not aligned, it may lie in two lines; volatile, it may be a handler's.
define void @odd_ones(ptr %v, ptr %w, i64 %low, i32 %pivot) sanitize_thread {
; CHECK-LABEL: define void @odd_ones
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %p, i64 4)
; CHECK: call preserve_mostcc void @goc_race_signal_read4(ptr %q)
entry:
  br label %around
around:
  %i.first = phi i64 [ %low, %entry ], [ %i.next, %next ]
  br label %up
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 2
  %q = getelementptr inbounds i32, ptr %w, i64 %i
  %y = load volatile i32, ptr %q, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %next
next:
  %more = icmp ne i32 %x, 0
  br i1 %more, label %around, label %exit
exit:
  ret void
}
