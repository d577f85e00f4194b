; The address of a local is followed through variables and into functions of this module.
; PASSES: goc-race<calls>

declare void @publish(ptr)
@shared = global ptr null

define internal void @keeps(ptr %p) noinline sanitize_thread {
  store ptr %p, ptr @shared, align 8
  ret void
}
define internal i32 @uses(ptr %p) noinline sanitize_thread {
  %slot = alloca ptr, align 8
  store ptr %p, ptr %slot, align 8
  %q = load ptr, ptr %slot, align 8
  %v = load i32, ptr %q, align 4, !nosanitize !0
  ret i32 %v
}
define internal ptr @hands_back(ptr %p) noinline sanitize_thread {
  ret ptr %p
}
define weak void @weak_uses(ptr %p) noinline sanitize_thread {
  ret void
}

define i32 @through_a_variable() sanitize_thread {
; CHECK-LABEL: define i32 @through_a_variable
; CHECK-NOT: call preserve_mostcc void @goc_race_write4(ptr %a)
; CHECK: ret
  %a = alloca i32, align 4
  %slot = alloca ptr, align 8
  store ptr %a, ptr %slot, align 8
  store i32 1, ptr %a, align 4
  %p = load ptr, ptr %slot, align 8
  %q = getelementptr i8, ptr %p, i64 0
  %c = icmp eq ptr %q, null
  %v = call i32 @uses(ptr %q)
  ret i32 %v
}

define void @out_of_a_variable() sanitize_thread {
; CHECK-LABEL: define void @out_of_a_variable
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  %slot = alloca ptr, align 8
  store ptr %a, ptr %slot, align 8
  store i32 1, ptr %a, align 4
  %p = load ptr, ptr %slot, align 8
  call void @publish(ptr %p)
  ret void
}

define void @shared_variable() sanitize_thread {
; CHECK-LABEL: define void @shared_variable
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  %slot = alloca ptr, align 8
  store ptr %a, ptr %slot, align 8
  store i32 1, ptr %a, align 4
  call void @publish(ptr %slot)
  ret void
}

define void @kept() sanitize_thread {
; CHECK-LABEL: define void @kept
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  store i32 1, ptr %a, align 4
  call void @keeps(ptr %a)
  ret void
}

define void @handed_back_and_kept() sanitize_thread {
; CHECK-LABEL: define void @handed_back_and_kept
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  store i32 1, ptr %a, align 4
  %p = call ptr @hands_back(ptr %a)
  store ptr %p, ptr @shared, align 8
  ret void
}

define void @handed_back() sanitize_thread {
; CHECK-LABEL: define void @handed_back
; CHECK-NOT: call preserve_mostcc void @goc_race_write4
; CHECK: ret
  %a = alloca i32, align 4
  %p = call ptr @hands_back(ptr %a)
  store i32 1, ptr %a, align 4
  ret void
}

define void @may_be_replaced() sanitize_thread {
; CHECK-LABEL: define void @may_be_replaced
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  store i32 1, ptr %a, align 4
  call void @weak_uses(ptr %a)
  ret void
}

; The way in which an address leaves may order nothing: what was written before is checked.
define void @leaves_later() sanitize_thread {
; CHECK-LABEL: define void @leaves_later
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %a)
  %a = alloca i32, align 4
  store i32 1, ptr %a, align 4
  store atomic ptr %a, ptr @shared monotonic, align 8
  ret void
}

define i32 @copied_parameter(ptr byval([4 x i32]) %p) sanitize_thread {
; CHECK-LABEL: define i32 @copied_parameter
; CHECK-NOT: goc_race_read
; CHECK: ret
  %q = getelementptr i8, ptr %p, i64 4
  %v = load i32, ptr %q, align 4
  ret i32 %v
}

define i32 @copied_and_kept(ptr byval([4 x i32]) %p) sanitize_thread {
; CHECK-LABEL: define i32 @copied_and_kept
; CHECK: call preserve_mostcc void @goc_race_read4
  %v = load i32, ptr %p, align 4
  store ptr %p, ptr @shared, align 8
  ret i32 %v
}

define void @result(ptr sret([4 x i32]) %p) sanitize_thread {
; CHECK-LABEL: define void @result
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  ret void
}
!0 = !{}
