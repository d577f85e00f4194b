; A call of a function of this module is looked through, if nobody can put another in its place.
; PASSES: goc-race<calls>

declare void @unknown()
@flag = global i32 0
@g = global i32 0

define internal void @leaf(ptr %p) noinline sanitize_thread {
  store i32 1, ptr %p, align 4
  ret void
}
define internal void @calls_leaf(ptr %p) noinline nounwind sanitize_thread {
  call void @leaf(ptr %p)
  ret void
}
define weak void @weak_leaf() noinline nounwind sanitize_thread {
  ret void
}
define internal void @acquires() noinline nounwind sanitize_thread {
  %v = load atomic i32, ptr @flag acquire, align 4
  ret void
}
define internal void @releases() noinline nounwind sanitize_thread {
  store atomic i32 1, ptr @flag release, align 4
  ret void
}
define internal void @even(i32 %n) noinline nounwind sanitize_thread {
  %c = icmp eq i32 %n, 0
  br i1 %c, label %done, label %more
more:
  %m = sub i32 %n, 1
  call void @odd(i32 %m)
  br label %done
done:
  ret void
}
define internal void @odd(i32 %n) noinline nounwind sanitize_thread {
  call void @even(i32 %n)
  ret void
}
define internal void @odd_and_unknown(i32 %n) noinline nounwind sanitize_thread {
  call void @odd(i32 %n)
  call void @unknown()
  ret void
}

; Twice a write: the second is the first's; then a read and a write: the write does for both.
define void @transparent(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @transparent
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NOT: goc_race_write4
; CHECK: ret
  store i32 1, ptr %p, align 4
  call void @calls_leaf(ptr @g)
  store i32 2, ptr %p, align 4
  ret void
}
define void @transparent_backwards(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @transparent_backwards
; CHECK-NOT: goc_race_read4
; CHECK: ret
  %v = load i32, ptr %p, align 4
  call void @calls_leaf(ptr @g)
  store i32 2, ptr %p, align 4
  ret void
}
define void @may_be_replaced(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @may_be_replaced
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  call void @weak_leaf()
  store i32 2, ptr %p, align 4
  ret void
}
define void @acquiring(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @acquiring
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NOT: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: ret
  %v = load i32, ptr %p, align 4
  call void @acquires()
  store i32 1, ptr %p, align 4
  call void @acquires()
  store i32 2, ptr %p, align 4
  ret void
}
define void @releasing(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @releasing
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  call void @releases()
  store i32 2, ptr %p, align 4
  ret void
}
; A recursion orders nothing, but may never come back.
define void @recursive(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @recursive
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NOT: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: ret
  %v = load i32, ptr %p, align 4
  call void @even(i32 3)
  store i32 1, ptr %p, align 4
  call void @even(i32 3)
  store i32 2, ptr %p, align 4
  ret void
}
define void @unknown_at_the_end(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @unknown_at_the_end
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  store i32 1, ptr %p, align 4
  call void @odd_and_unknown(i32 3)
  store i32 2, ptr %p, align 4
  ret void
}
