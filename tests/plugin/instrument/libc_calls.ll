; Calls of libc's functions, and pointers to them, go to the checking twins.
; PASSES: goc-race<calls>

; CHECK: @compare = global ptr @goc_race_libc_strcmp
@compare = global ptr @strcmp

declare i32 @strcmp(ptr, ptr)
declare i64 @strlen(ptr) memory(argmem: read) nounwind willreturn
declare i64 @unknown(ptr)

define i64 @memchr(ptr %s) nounwind sanitize_thread {
; CHECK-LABEL: define i64 @memchr
; CHECK: call i64 @goc_race_libc_strlen(ptr %s) [[CALL:#[0-9]+]]
; CHECK: call i64 @unknown(ptr %s)
  %a = call i64 @strlen(ptr %s) memory(argmem: read)
  %b = call i64 @unknown(ptr %s)
  %c = add i64 %a, %b
  ret i64 %c
}

define i64 @own(ptr %s) nounwind sanitize_thread {
; CHECK-LABEL: define i64 @own
; CHECK: call i64 @memchr(ptr %s)
  %a = call i64 @memchr(ptr %s)
  ret i64 %a
}

; CHECK: attributes [[CALL]] = { nomerge }
