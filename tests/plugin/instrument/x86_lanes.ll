; What x86's own intrinsics access is checked lane by lane, under whatever kind of
; mask they have.
; PASSES: goc-race<calls>
target triple = "x86_64-pc-linux-gnu"

declare <8 x i32> @llvm.x86.avx2.gather.d.d.256(<8 x i32>, ptr, <8 x i32>, <8 x i32>, i8)
declare <4 x float> @llvm.x86.avx2.gather.q.ps(<4 x float>, ptr, <2 x i64>, <4 x float>, i8)
declare void @llvm.x86.avx512.mask.scatter.qpq.512(ptr, <8 x i1>, <8 x i64>, <8 x i64>, i32)
declare <2 x double> @llvm.x86.avx.maskload.pd(ptr, <2 x i64>)
declare void @llvm.x86.avx2.maskstore.d(ptr, <4 x i32>, <4 x i32>)
declare void @llvm.x86.sse2.maskmov.dqu(<16 x i8>, <16 x i8>, ptr)
declare void @llvm.x86.avx512.mask.pmov.qw.mem.512(ptr, <8 x i64>, i8)
declare void @llvm.x86.avx512.mask.pmov.qb.mem.128(ptr, <2 x i64>, i8)
declare <16 x i8> @llvm.x86.sse3.ldu.dq(ptr)
declare void @llvm.x86.xsavec64(ptr, i32, i32)
declare void @llvm.x86.xrstor(ptr, i32, i32)
declare void @llvm.x86.fxsave64(ptr)
declare void @llvm.x86.movdir64b(ptr, ptr)
declare i8 @llvm.x86.enqcmd(ptr, ptr)
declare x86_amx @llvm.x86.tileloadd64.internal(i16, i16, ptr, i64)
declare void @llvm.x86.tilestored64.internal(i16, i16, ptr, i64, x86_amx)

; An index is signed, and the sign of a mask's element chooses.
define <8 x i32> @gather(ptr %p, <8 x i32> %i, <8 x i32> %m) sanitize_thread {
; CHECK-LABEL: define <8 x i32> @gather
; CHECK: [[SIGN:%.*]] = extractelement <8 x i32> %m, i64 0
; CHECK-NEXT: [[TAKES:%.*]] = icmp slt i32 [[SIGN]], 0
; CHECK-NEXT: br i1 [[TAKES]], label %[[THEN:.*]], label %[[NEXT:.*]]
; CHECK: [[THEN]]:
; CHECK-NEXT: [[STEP:%.*]] = extractelement <8 x i32> %i, i64 0
; CHECK-NEXT: [[WIDE:%.*]] = sext i32 [[STEP]] to i64
; CHECK-NEXT: [[OFFSET:%.*]] = mul i64 [[WIDE]], 4
; CHECK-NEXT: [[LANE:%.*]] = getelementptr i8, ptr %p, i64 [[OFFSET]]
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr [[LANE]], i64 4)
; CHECK: extractelement <8 x i32> %m, i64 7
; CHECK: call preserve_mostcc void @goc_race_read_range
; CHECK-NOT: goc_race_read
; CHECK: call <8 x i32> @llvm.x86.avx2.gather.d.d.256
  %r = call <8 x i32> @llvm.x86.avx2.gather.d.d.256(<8 x i32> zeroinitializer, ptr %p, <8 x i32> %i, <8 x i32> %m, i8 4)
  ret <8 x i32> %r
}

; Two indices: the upper half of the result is zeros.
define <4 x float> @fewer_indices(ptr %p, <2 x i64> %i) sanitize_thread {
; CHECK-LABEL: define <4 x float> @fewer_indices
; CHECK-COUNT-2: call preserve_mostcc void @goc_race_read_range({{.*}}, i64 4)
; CHECK-NOT: goc_race_read
; CHECK: call <4 x float> @llvm.x86.avx2.gather.q.ps
  %r = call <4 x float> @llvm.x86.avx2.gather.q.ps(<4 x float> zeroinitializer, ptr %p, <2 x i64> %i, <4 x float> <float -1.0, float -1.0, float -1.0, float -1.0>, i8 8)
  ret <4 x float> %r
}

define void @scatter(ptr %p, <8 x i1> %m, <8 x i64> %i) sanitize_thread {
; CHECK-LABEL: define void @scatter
; CHECK: [[TAKES:%.*]] = extractelement <8 x i1> %m, i64 0
; CHECK-NEXT: br i1 [[TAKES]]
; CHECK-COUNT-8: call preserve_mostcc void @goc_race_write_range({{.*}}, i64 8)
; CHECK-NOT: goc_race_write
; CHECK: call void @llvm.x86.avx512.mask.scatter.qpq.512
  call void @llvm.x86.avx512.mask.scatter.qpq.512(ptr %p, <8 x i1> %m, <8 x i64> %i, <8 x i64> %i, i32 8)
  ret void
}

define <2 x double> @load(ptr %p, <2 x i64> %m) sanitize_thread {
; CHECK-LABEL: define <2 x double> @load
; CHECK-COUNT-2: call preserve_mostcc void @goc_race_read_range({{.*}}, i64 8)
; CHECK: call <2 x double> @llvm.x86.avx.maskload.pd
  %r = call <2 x double> @llvm.x86.avx.maskload.pd(ptr %p, <2 x i64> %m)
  ret <2 x double> %r
}

; Of a mask that is known, no lane that it leaves out.
define void @store(ptr %p, <4 x i32> %v) sanitize_thread {
; CHECK-LABEL: define void @store
; CHECK: [[LANE:%.*]] = getelementptr i8, ptr %p, i64 8
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr [[LANE]], i64 4)
; CHECK-NEXT: call void @llvm.x86.avx2.maskstore.d
  call void @llvm.x86.avx2.maskstore.d(ptr %p, <4 x i32> <i32 0, i32 1, i32 -1, i32 2147483647>, <4 x i32> %v)
  ret void
}

define void @bytes(ptr %p, <16 x i8> %v, <16 x i8> %m) sanitize_thread {
; CHECK-LABEL: define void @bytes
; CHECK-COUNT-16: call preserve_mostcc void @goc_race_write1(
; CHECK-NOT: goc_race_write
; CHECK: call void @llvm.x86.sse2.maskmov.dqu
  call void @llvm.x86.sse2.maskmov.dqu(<16 x i8> %v, <16 x i8> %m, ptr %p)
  ret void
}

; Elements that are made narrower lie side by side; a bit of the mask is one's.
define void @narrow(ptr %p, <8 x i64> %v, <2 x i64> %w, i8 %m) sanitize_thread {
; CHECK-LABEL: define void @narrow
; CHECK: [[BITS:%.*]] = bitcast i8 %m to <8 x i1>
; CHECK-NEXT: extractelement <8 x i1> [[BITS]], i64 0
; CHECK-COUNT-8: call preserve_mostcc void @goc_race_write_range({{.*}}, i64 2)
; CHECK: call void @llvm.x86.avx512.mask.pmov.qw.mem.512
; CHECK-COUNT-2: call preserve_mostcc void @goc_race_write1(
; CHECK-NOT: goc_race_write
; CHECK: call void @llvm.x86.avx512.mask.pmov.qb.mem.128
  call void @llvm.x86.avx512.mask.pmov.qw.mem.512(ptr %p, <8 x i64> %v, i8 %m)
  call void @llvm.x86.avx512.mask.pmov.qb.mem.128(ptr %p, <2 x i64> %w, i8 %m)
  ret void
}

; Of what xsave saves, the header says how much it is: 512 bytes behind the beginning.
define void @header(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @header
; CHECK: [[HEADER:%.*]] = getelementptr i8, ptr %p, i64 512
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr [[HEADER]], i64 8)
; CHECK-NOT: goc_race_
; CHECK: call void @llvm.x86.xsavec64
; CHECK: [[AGAIN:%.*]] = getelementptr i8, ptr %p, i64 512
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr [[AGAIN]], i64 8)
; CHECK: call void @llvm.x86.xrstor(
  call void @llvm.x86.xsavec64(ptr %p, i32 0, i32 7)
  call void @llvm.x86.xrstor(ptr %p, i32 0, i32 7)
  ret void
}

define i8 @fixed(ptr %p, ptr %q) sanitize_thread {
; CHECK-LABEL: define i8 @fixed
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr %p, i64 464)
; CHECK: call void @llvm.x86.fxsave64
; CHECK-DAG: call preserve_mostcc void @goc_race_write_range(ptr %p, i64 64)
; CHECK-DAG: call preserve_mostcc void @goc_race_read_range(ptr %q, i64 64)
; CHECK: call void @llvm.x86.movdir64b
; CHECK-NOT: @goc_race_write
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %q, i64 64)
; CHECK: call i8 @llvm.x86.enqcmd
  call void @llvm.x86.fxsave64(ptr %p)
  call void @llvm.x86.movdir64b(ptr %p, ptr %q)
  %r = call i8 @llvm.x86.enqcmd(ptr %p, ptr %q)
  ret i8 %r
}

; A tile's rows, each if the tile has it.
define void @tile(ptr %p, i16 %rows, i16 %bytes, i64 %stride) sanitize_thread {
; CHECK-LABEL: define void @tile
; CHECK: icmp ugt i16 %rows, 0
; CHECK: call preserve_mostcc void @goc_race_read_range(
; CHECK: [[TAKES:%.*]] = icmp ugt i16 %rows, 15
; CHECK-NEXT: br i1 [[TAKES]]
; CHECK: [[OFFSET:%.*]] = mul i64 %stride, 15
; CHECK-NEXT: [[ROW:%.*]] = getelementptr i8, ptr %p, i64 [[OFFSET]]
; CHECK-NEXT: [[SIZE:%.*]] = zext i16 %bytes to i64
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr [[ROW]], i64 [[SIZE]])
; CHECK: call x86_amx @llvm.x86.tileloadd64.internal
; CHECK-COUNT-16: call preserve_mostcc void @goc_race_write_range(
; CHECK-NOT: goc_race_
; CHECK: call void @llvm.x86.tilestored64.internal
  %t = call x86_amx @llvm.x86.tileloadd64.internal(i16 %rows, i16 %bytes, ptr %p, i64 %stride)
  call void @llvm.x86.tilestored64.internal(i16 %rows, i16 %bytes, ptr %p, i64 %stride, x86_amx %t)
  ret void
}

define <16 x i8> @unaligned(ptr %p) sanitize_thread {
; CHECK-LABEL: define <16 x i8> @unaligned
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %p, i64 16)
  %r = call <16 x i8> @llvm.x86.sse3.ldu.dq(ptr %p)
  ret <16 x i8> %r
}
