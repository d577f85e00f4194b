; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-ranges

define void @upwards(ptr %a, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @upwards
; CHECK: loop:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}
