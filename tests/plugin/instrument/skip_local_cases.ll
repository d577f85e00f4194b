; Elements in the cases of goc_select_private are the runtime's until it returns, and nobody else's.
; PASSES: goc-race<calls>

%case = type { ptr, ptr, i32, i8 }
declare void @publish(ptr)
declare void @look(ptr nocapture)
declare i32 @goc_select_private(ptr nocapture, i64, i1)
declare i32 @goc_select(ptr nocapture, i64, i1)
@template = private constant %case zeroinitializer

define i32 @stays() sanitize_thread {
; CHECK-LABEL: define i32 @stays
; CHECK-NOT: goc_race_write
; CHECK-NOT: goc_race_read
; CHECK: ret
  %a = alloca i32, align 4
  %cases = alloca [2 x %case], align 8
  call void @llvm.memcpy.p0.p0.i64(ptr %cases, ptr @template, i64 24, i1 false)
  store i32 1, ptr %a, align 4
  %e = getelementptr %case, ptr %cases, i64 1, i32 1
  store ptr %a, ptr %e, align 8
  %n = call i32 @goc_select_private(ptr %cases, i64 2, i1 true)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

define i32 @other_select() sanitize_thread {
; CHECK-LABEL: define i32 @other_select
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %a)
  %a = alloca i32, align 4
  %cases = alloca %case, align 8
  %e = getelementptr %case, ptr %cases, i64 0, i32 1
  store ptr %a, ptr %e, align 8
  %n = call i32 @goc_select(ptr %cases, i64 1, i1 true)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

define i32 @taken_out_again() sanitize_thread {
; CHECK-LABEL: define i32 @taken_out_again
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %a)
  %a = alloca i32, align 4
  %cases = alloca %case, align 8
  %e = getelementptr %case, ptr %cases, i64 0, i32 1
  store ptr %a, ptr %e, align 8
  %n = call i32 @goc_select_private(ptr %cases, i64 1, i1 true)
  %p = load ptr, ptr %e, align 8
  call void @publish(ptr %p)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

define i32 @copied_from_there() sanitize_thread {
; CHECK-LABEL: define i32 @copied_from_there
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %a)
  %a = alloca i32, align 4
  %cases = alloca %case, align 8
  %copy = alloca %case, align 8
  %e = getelementptr %case, ptr %cases, i64 0, i32 1
  store ptr %a, ptr %e, align 8
  call void @llvm.memcpy.p0.p0.i64(ptr %copy, ptr %cases, i64 32, i1 false)
  %n = call i32 @goc_select_private(ptr %cases, i64 1, i1 true)
  call void @publish(ptr %copy)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

define i32 @looked_at_by_others() sanitize_thread {
; CHECK-LABEL: define i32 @looked_at_by_others
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %a)
  %a = alloca i32, align 4
  %cases = alloca %case, align 8
  %e = getelementptr %case, ptr %cases, i64 0, i32 1
  store ptr %a, ptr %e, align 8
  call void @look(ptr %cases)
  %n = call i32 @goc_select_private(ptr %cases, i64 1, i1 true)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
