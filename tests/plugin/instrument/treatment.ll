; Which functions are instrumented, and how far.
; PASSES: goc-race<calls>

declare void @callee()
declare i64 @strlen(ptr)

define i64 @unmarked(ptr %p) {
; CHECK-LABEL: define i64 @unmarked
; CHECK-NOT: goc_race
; CHECK: call i64 @strlen
; CHECK: ret
  store i32 1, ptr %p, align 4
  %n = call i64 @strlen(ptr %p)
  ret i64 %n
}

define void @bare() naked sanitize_thread {
; CHECK-LABEL: define void @bare
; CHECK-NOT: goc_race
; CHECK: unreachable
  call void asm sideeffect "ret", ""()
  unreachable
}

define void @disabled(ptr %p) disable_sanitizer_instrumentation sanitize_thread {
; CHECK-LABEL: define void @disabled
; CHECK-NOT: goc_race
; CHECK: ret
  store atomic i32 1, ptr %p release, align 4
  ret void
}

define i64 @no_race(ptr %p, ptr %q) nounwind "goc-norace" {
; CHECK-LABEL: define i64 @no_race
; CHECK: call i32 @goc_race_func_enter
; CHECK-NOT: goc_race_write4
; CHECK: store i32 1
; CHECK: call void @goc_race_atomic32_store(ptr %q, i32 1, i32 3)
; CHECK: call i64 @strlen
; CHECK: call void @goc_race_func_exit
  store i32 1, ptr %p, align 4
  store atomic i32 1, ptr %q release, align 4
  call void @callee()
  %n = call i64 @strlen(ptr %p)
  ret i64 %n
}
