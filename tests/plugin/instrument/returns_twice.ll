; After setjmp the context is the token's again, read from memory that a longjmp leaves
; alone.
; PASSES: goc-race<calls>

declare i32 @_setjmp(ptr) returns_twice
declare void @work()

define i32 @catches(ptr %buffer) nounwind sanitize_thread {
; CHECK-LABEL: define i32 @catches
; CHECK: [[SLOT:%.*]] = alloca i32
; CHECK: [[TOKEN:%.*]] = call i32 @goc_race_func_enter
; CHECK-NEXT: store volatile i32 [[TOKEN]], ptr [[SLOT]]
; CHECK: call i32 @_setjmp(ptr %buffer)
; CHECK-NEXT: [[AGAIN:%.*]] = load volatile i32, ptr [[SLOT]]
; CHECK-NEXT: [[PC:%.*]] = call ptr @llvm.returnaddress(i32 0)
; CHECK-NEXT: call void @goc_race_func_resume(i32 [[AGAIN]], ptr [[PC]])
; CHECK: call void @work()
; CHECK: [[LAST:%.*]] = load volatile i32, ptr [[SLOT]]
; CHECK-NEXT: call void @goc_race_func_exit(i32 [[LAST]])
; CHECK-NEXT: ret
  %r = call i32 @_setjmp(ptr %buffer) returns_twice
  call void @work()
  ret i32 %r
}
