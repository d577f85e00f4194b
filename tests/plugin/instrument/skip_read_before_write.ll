; A write's check stands for a read of the same bytes before it, if nothing between can
; order the strand against another.
; PASSES: goc-race<calls>

declare void @order()

define void @increment(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @increment
; CHECK-NOT: goc_race_read
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NEXT: store
; CHECK-NOT: goc_race_read
; CHECK: ret
  %v = load i32, ptr %p, align 4
  %w = add i32 %v, 1
  store i32 %w, ptr %p, align 4
  ret void
}

define void @call_between(ptr %p) nounwind sanitize_thread {
; CHECK-LABEL: define void @call_between
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call void @order()
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  call void @order()
  store i32 %v, ptr %p, align 4
  ret void
}

define void @atomic_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @atomic_between
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call void @goc_race_atomic32_store
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  store atomic i32 1, ptr %flag release, align 4
  store i32 %v, ptr %p, align 4
  ret void
}

define void @narrower_write(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @narrower_write
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write1(ptr %p)
  %v = load i32, ptr %p, align 4
  store i8 1, ptr %p, align 1
  ret void
}

define void @other_block(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @other_block
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p, align 4
  br label %no
no:
  ret void
}

define i32 @write_before_read(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @write_before_read
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
  store i32 1, ptr %p, align 4
  %v = load i32, ptr %p, align 4
  ret i32 %v
}
