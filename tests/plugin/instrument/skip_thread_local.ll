; A thread-local is checked where its address may have gone to another thread: it leaves
; a function, or another module can name it.  errno is nobody else's.
; PASSES: goc-race<calls>

@own = internal thread_local global i32 0
@published = internal thread_local global i32 0
@visible = thread_local global i32 0
@shared = global ptr null

declare nonnull ptr @llvm.threadlocal.address.p0(ptr nonnull)
declare ptr @__errno_location()

define void @publish() sanitize_thread {
  %a = call ptr @llvm.threadlocal.address.p0(ptr @published)
  store ptr %a, ptr @shared, align 8
  ret void
}

define i32 @stays() sanitize_thread {
; CHECK-LABEL: define i32 @stays
; CHECK-NOT: goc_race
; CHECK: ret
  %a = call ptr @llvm.threadlocal.address.p0(ptr @own)
  %v = load i32, ptr %a, align 4
  ret i32 %v
}

define i32 @goes() sanitize_thread {
; CHECK-LABEL: define i32 @goes
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %a)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %b)
  %a = call ptr @llvm.threadlocal.address.p0(ptr @published)
  %v = load i32, ptr %a, align 4
  %b = call ptr @llvm.threadlocal.address.p0(ptr @visible)
  %w = load i32, ptr %b, align 4
  ret i32 %w
}

define i32 @errno() sanitize_thread {
; CHECK-LABEL: define i32 @errno
; CHECK-NOT: goc_race_read
; CHECK: ret
  %a = call ptr @__errno_location()
  %v = load i32, ptr %a, align 4
  ret i32 %v
}
