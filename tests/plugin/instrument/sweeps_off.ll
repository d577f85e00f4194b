; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-sweeps

define void @upwards(ptr %v, i32 %pivot) sanitize_thread {
; CHECK-LABEL: define void @upwards
; CHECK: up:
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
entry:
  br label %around
around:
  %i.first = phi i64 [ 0, %entry ], [ %i.next, %next ]
  br label %up
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %next
next:
  %more = icmp ne i32 %x, 0
  br i1 %more, label %around, label %exit
exit:
  ret void
}
