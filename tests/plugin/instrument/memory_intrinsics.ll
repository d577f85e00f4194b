; Large copies become one call; small ones, and those with a side that is not checked,
; stay inline beside checks of their sides.
; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-dominated -goc-race-no-covered -goc-race-no-together

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memcpy.inline.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare void @look(ptr nocapture)
@text = private constant [100 x i8] zeroinitializer

define void @unbounded(ptr %d, ptr %s, i64 %n, i8 %b) sanitize_thread {
; CHECK-LABEL: define void @unbounded
; CHECK: call ptr @goc_race_memcpy(ptr %d, ptr %s, i64 %n)
; CHECK-NEXT: call ptr @goc_race_memmove(ptr %d, ptr %s, i64 %n)
; CHECK-NEXT: [[BYTE:%.*]] = zext i8 %b to i32
; CHECK-NEXT: call ptr @goc_race_memset(ptr %d, i32 [[BYTE]], i64 %n)
; CHECK-NOT: llvm.mem
; CHECK: ret
  call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr %s, i64 %n, i1 false)
  call void @llvm.memmove.p0.p0.i64(ptr %d, ptr %s, i64 %n, i1 false)
  call void @llvm.memset.p0.i64(ptr %d, i8 %b, i64 %n, i1 false)
  ret void
}

define void @large(ptr %d, ptr %s) sanitize_thread {
; CHECK-LABEL: define void @large
; CHECK: call ptr @goc_race_memcpy(ptr %d, ptr %s, i64 65)
  call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr %s, i64 65, i1 false)
  ret void
}

define void @small(ptr %d, ptr %s) sanitize_thread {
; CHECK-LABEL: define void @small
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %s, i64 24)
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr %d, i64 24)
; CHECK-NEXT: call void @llvm.memcpy
; CHECK-NEXT: call preserve_mostcc void @goc_race_read8(ptr %s)
; CHECK-NEXT: call preserve_mostcc void @goc_race_write8(ptr %d)
; CHECK-NEXT: call void @llvm.memcpy
; CHECK-NEXT: call void @llvm.memcpy{{.*}} i64 0,
  call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr %s, i64 24, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %d, ptr align 8 %s, i64 8, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr %s, i64 0, i1 false)
  ret void
}

define void @inline_contract(ptr %d, ptr %s) sanitize_thread {
; CHECK-LABEL: define void @inline_contract
; CHECK: call preserve_mostcc void @goc_race_read_range(ptr %s, i64 100)
; CHECK-NEXT: call preserve_mostcc void @goc_race_write_range(ptr %d, i64 100)
; CHECK-NEXT: call void @llvm.memcpy.inline
  call void @llvm.memcpy.inline.p0.p0.i64(ptr %d, ptr %s, i64 100, i1 false)
  ret void
}

define void @volatile(ptr %d, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @volatile
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr %d, i64 %n)
; CHECK-NEXT: call void @llvm.memset
  call void @llvm.memset.p0.i64(ptr %d, i8 0, i64 %n, i1 true)
  ret void
}

define void @one_side(ptr %d, i64 %n) sanitize_thread {
; CHECK-LABEL: define void @one_side
; CHECK: call preserve_mostcc void @goc_race_write_range(ptr %d, i64 %n)
; CHECK-NEXT: call void @llvm.memcpy
; CHECK-NEXT: call preserve_mostcc void @goc_race_read_range(ptr %d, i64 %n)
; CHECK-NEXT: call void @llvm.memcpy
  %local = alloca [100 x i8]
  call void @llvm.memcpy.p0.p0.i64(ptr %d, ptr @text, i64 %n, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr %local, ptr %d, i64 %n, i1 false)
  call void @look(ptr %local)
  ret void
}
