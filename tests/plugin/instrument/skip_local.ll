; An alloca whose address stays in the function is the strand's own.
; PASSES: goc-race<calls>

declare void @publish(ptr)
declare void @look(ptr nocapture)

define i32 @stays() sanitize_thread {
; CHECK-LABEL: define i32 @stays
; CHECK-NOT: goc_race_write
; CHECK-NOT: goc_race_read
; CHECK: ret
  %a = alloca [4 x i32], align 4
  %e = getelementptr [4 x i32], ptr %a, i64 0, i64 2
  store i32 1, ptr %e, align 4
  call void @look(ptr %a)
  %v = load i32, ptr %e, align 4
  ret i32 %v
}

define i32 @escapes() sanitize_thread {
; CHECK-LABEL: define i32 @escapes
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
; CHECK-NEXT: store
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %a)
; CHECK-NEXT: load
  %a = alloca i32, align 4
  store i32 1, ptr %a, align 4
  call void @publish(ptr %a)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

define i32 @escapes_as_part(ptr %out) sanitize_thread {
; CHECK-LABEL: define i32 @escapes_as_part
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %e)
  %a = alloca [4 x i32], align 4
  %e = getelementptr [4 x i32], ptr %a, i64 0, i64 2
  store ptr %a, ptr %out, align 8
  %v = load i32, ptr %e, align 4
  ret i32 %v
}
