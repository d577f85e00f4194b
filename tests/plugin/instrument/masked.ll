; Only the lanes that the mask lets through access memory.
; PASSES: goc-race<calls>

declare <2 x i32> @llvm.masked.load.v2i32.p0(ptr, i32, <2 x i1>, <2 x i32>)
declare void @llvm.masked.store.v2i32.p0(<2 x i32>, ptr, i32, <2 x i1>)
declare <2 x i32> @llvm.masked.gather.v2i32.v2p0(<2 x ptr>, i32, <2 x i1>, <2 x i32>)
declare void @llvm.masked.compressstore.v8i32(<8 x i32>, ptr, <8 x i1>)
declare <8 x i32> @llvm.masked.expandload.v8i32(ptr, <8 x i1>, <8 x i32>)

define void @packed(ptr %p, <8 x i1> %m, <8 x i32> %v) sanitize_thread {
; CHECK-LABEL: define void @packed
; CHECK: [[BITS:%.*]] = bitcast <8 x i1> %m to i8
; CHECK-NEXT: [[ONES:%.*]] = call i8 @llvm.ctpop.i8(i8 [[BITS]])
; CHECK-NEXT: [[LANES:%.*]] = zext i8 [[ONES]] to i64
; CHECK-NEXT: [[SIZE:%.*]] = mul i64 [[LANES]], 4
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr %p, i64 [[SIZE]])
; CHECK-NEXT: call void @llvm.masked.compressstore
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %p,
; CHECK-NEXT: call <8 x i32> @llvm.masked.expandload
  call void @llvm.masked.compressstore.v8i32(<8 x i32> %v, ptr %p, <8 x i1> %m)
  %r = call <8 x i32> @llvm.masked.expandload.v8i32(ptr %p, <8 x i1> %m, <8 x i32> %v)
  ret void
}

define void @known(ptr %p, <2 x i32> %v) sanitize_thread {
; CHECK-LABEL: define void @known
; CHECK: [[LANE:%.*]] = getelementptr i8, ptr %p, i64 4
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr [[LANE]], i64 4)
; CHECK-NEXT: call void @llvm.masked.store
  call void @llvm.masked.store.v2i32.p0(<2 x i32> %v, ptr %p, i32 4, <2 x i1> <i1 false, i1 true>)
  ret void
}

define <2 x i32> @unknown(ptr %p, <2 x i1> %m) nounwind sanitize_thread {
; CHECK-LABEL: define <2 x i32> @unknown
; CHECK: [[FIRST:%.*]] = extractelement <2 x i1> %m, i64 0
; CHECK-NEXT: br i1 [[FIRST]], label %[[THEN:.*]], label %[[NEXT:.*]]
; CHECK: [[THEN]]:
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr {{.*}}, i64 4)
; CHECK-NEXT: br label %[[NEXT]]
; CHECK: [[NEXT]]:
; CHECK: extractelement <2 x i1> %m, i64 1
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr {{.*}}, i64 4)
; CHECK: call <2 x i32> @llvm.masked.load
  %r = call <2 x i32> @llvm.masked.load.v2i32.p0(ptr %p, i32 4, <2 x i1> %m, <2 x i32> zeroinitializer)
  ret <2 x i32> %r
}

define <2 x i32> @gather(<2 x ptr> %p) sanitize_thread {
; CHECK-LABEL: define <2 x i32> @gather
; CHECK: [[FIRST:%.*]] = extractelement <2 x ptr> %p, i64 0
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr [[FIRST]], i64 4)
; CHECK-NEXT: [[SECOND:%.*]] = extractelement <2 x ptr> %p, i64 1
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr [[SECOND]], i64 4)
; CHECK-NEXT: call <2 x i32> @llvm.masked.gather
  %r = call <2 x i32> @llvm.masked.gather.v2i32.v2p0(<2 x ptr> %p, i32 4, <2 x i1> <i1 true, i1 true>, <2 x i32> zeroinitializer)
  ret <2 x i32> %r
}
