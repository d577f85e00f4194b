; A function that the detector must see enters with its return address and leaves with its
; caller's token, on every way out.
; PASSES: goc-race<calls>

declare void @callee()
declare i32 @tail(i32)
declare i32 @__gcc_personality_v0(...)

define i32 @pure(i32 %a) sanitize_thread {
; CHECK-LABEL: define i32 @pure
; CHECK-NOT: goc_race
; CHECK: ret
  %b = add i32 %a, 1
  ret i32 %b
}

define i32 @two_returns(ptr %p, i1 %c) nounwind sanitize_thread {
; CHECK-LABEL: define i32 @two_returns
; CHECK: [[PC:%.*]] = call ptr @llvm.returnaddress(i32 0)
; CHECK-NEXT: [[TOKEN:%.*]] = call i32 @goc_race_func_enter(ptr [[PC]])
; CHECK: yes:
; CHECK: call void @goc_race_func_exit(i32 [[TOKEN]])
; CHECK-NEXT: ret i32 1
; CHECK: no:
; CHECK: call void @goc_race_func_exit(i32 [[TOKEN]])
; CHECK-NEXT: ret i32 2
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p, align 4
  ret i32 1
no:
  ret i32 2
}

define void @only_calls() nounwind sanitize_thread {
; CHECK-LABEL: define void @only_calls
; CHECK: [[TOKEN:%.*]] = call i32 @goc_race_func_enter
; CHECK-NEXT: call void @callee()
; CHECK-NEXT: call void @goc_race_func_exit(i32 [[TOKEN]])
; CHECK-NEXT: ret
  call void @callee()
  ret void
}

define i32 @must_tail(i32 %a) nounwind sanitize_thread {
; CHECK-LABEL: define i32 @must_tail
; CHECK: call void @goc_race_func_exit
; CHECK-NEXT: [[R:%.*]] = musttail call i32 @tail(i32 %a)
; CHECK-NEXT: ret i32 [[R]]
  %r = musttail call i32 @tail(i32 %a)
  ret i32 %r
}

define void @unwinds() sanitize_thread personality ptr @__gcc_personality_v0 {
; CHECK-LABEL: define void @unwinds
; CHECK: invoke void @callee()
; CHECK: call void @goc_race_func_exit
; CHECK: ret void
; CHECK: landingpad
; CHECK: call void @goc_race_func_exit
; CHECK-NEXT: resume
  call void @callee()
  ret void
}

define void @allocas_first(ptr %p) nounwind sanitize_thread {
; CHECK-LABEL: define void @allocas_first
; CHECK: alloca
; CHECK: goc_race_func_enter
  %a = alloca i32
  store ptr %a, ptr %p, align 8
  ret void
}
