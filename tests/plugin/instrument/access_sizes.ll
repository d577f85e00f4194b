; A naturally aligned power of two has a check of its own; everything else is a range.
; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-dominated -goc-race-no-covered -goc-race-no-together

define void @words(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @words
; CHECK: call preserve_mostcc void @goc_race_write1(ptr %p)
; CHECK-NEXT: store i8 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_write2(ptr %p)
; CHECK-NEXT: store i16 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NEXT: store i32 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_write8(ptr %p)
; CHECK-NEXT: store i64 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_write16(ptr %p)
; CHECK-NEXT: store i128 1
  store i8 1, ptr %p, align 1
  store i16 1, ptr %p, align 2
  store i32 1, ptr %p, align 4
  store i64 1, ptr %p, align 8
  store i128 1, ptr %p, align 16
  ret void
}

define void @reads(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @reads
; CHECK: call preserve_mostcc void @goc_race_read1(ptr %p)
; CHECK-NEXT: load i1,
; CHECK-NEXT: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK-NEXT: load float
; CHECK-NEXT: call preserve_mostcc void @goc_race_read8(ptr %p)
; CHECK-NEXT: load ptr
; CHECK-NEXT: call preserve_mostcc void @goc_race_read16(ptr %p)
; CHECK-NEXT: load <4 x i32>
  %a = load i1, ptr %p, align 1
  %b = load float, ptr %p, align 4
  %c = load ptr, ptr %p, align 8
  %d = load <4 x i32>, ptr %p, align 16
  ret void
}

define void @ranges(ptr %p, ptr %q) sanitize_thread {
; CHECK-LABEL: define void @ranges
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %p, i64 4)
; CHECK-NEXT: load i32, ptr %p, align 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr %p, i64 16)
; CHECK-NEXT: load <4 x i32>, ptr %p, align 4
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr %p, i64 32)
; CHECK-NEXT: load <8 x i32>
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr %q, i64 10)
; CHECK-NEXT: store x86_fp80
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr %q, i64 3)
; CHECK-NEXT: store i24
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr %q, i64 12)
; CHECK-NEXT: store { i32, i32, i32 }
  %a = load i32, ptr %p, align 1
  %b = load <4 x i32>, ptr %p, align 4
  %c = load <8 x i32>, ptr %p, align 32
  store x86_fp80 0xK00000000000000000000, ptr %q, align 16
  store i24 0, ptr %q, align 4
  store { i32, i32, i32 } zeroinitializer, ptr %q, align 4
  ret void
}

define void @volatile_may_be_sig_atomic(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @volatile_may_be_sig_atomic
; CHECK: call preserve_mostcc void @goc_race_signal_write4(ptr %p)
; CHECK-NEXT: store volatile i32 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_signal_write4(ptr %p)
; CHECK-NEXT: store volatile i32 2
  store volatile i32 1, ptr %p, align 4
  store volatile i32 2, ptr %p, align 4
  ret void
}
