; In a function that is to be fast the likely half of a check is asked on the spot, of the
; access's cell and the running strand; only a no leads to a call.
; PASSES: goc-race

; CHECK-DAG: @goc_race_shadow = external global { ptr, i64 }
; CHECK-DAG: @goc_race_current = external thread_local(initialexec) global ptr

declare void @callee()

define void @word(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @word
; CHECK-DAG: [[STRAND:%.*]] = load volatile ptr, ptr
; CHECK-DAG: [[BASE:%.*]] = load ptr, ptr @goc_race_shadow
; CHECK: [[EXPECT:%.*]] = load atomic i64, ptr {{.*}} monotonic, align 8, !nosanitize
; CHECK: [[CELLS:%.*]] = load atomic i64, ptr {{.*}} monotonic, align 8, !nosanitize
; CHECK: and i64 {{.*}}, [[CELLS]]
; CHECK: [[CELL:%.*]] = load atomic i64, ptr {{.*}} monotonic, align 8, !nosanitize
; CHECK: [[DIFFERS:%.*]] = xor i64 [[CELL]], [[EXPECT]]
; CHECK: [[UNKNOWN:%.*]] = and i64 [[DIFFERS]], 8796092997119
; CHECK: [[ASK:%.*]] = icmp ne i64 [[UNKNOWN]], 0
; CHECK: br i1 [[ASK]], {{.*}} !prof
; CHECK: [[CALLER:%.*]] = call ptr @llvm.returnaddress(i32 0)
; CHECK: call preserve_mostcc void @goc_race_leaf_write8(ptr %p, ptr [[CALLER]])
; CHECK: store i64 1, ptr %p
; CHECK-NOT: func_e
; CHECK: ret
  store i64 1, ptr %p, align 8
  ret void
}

; The neighbour's alignment says where the field lies in its word.
define i32 @field(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @field
; CHECK: and i64 {{.*}}, 8796092996623
; CHECK: goc_race_read4
; CHECK: and i64 {{.*}}, 8796092996848
; CHECK: goc_race_read4
; CHECK: ret
  %q = getelementptr i8, ptr %p, i64 12
  %a = load i32, ptr %p, align 8
  call void @callee()
  %b = load i32, ptr %q, align 4
  %c = add i32 %a, %b
  ret i32 %c
}

; Of a large object whose place in its words is not known: the first bytes, the last, and
; all of the words between.
define void @copy(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @copy
; CHECK: [[BYTE:%.*]] = and i64 {{.*}}, 7
; CHECK: sub i64 7, [[BYTE]]
; CHECK: [[SHIFTED:%.*]] = shl i64 255
; CHECK: and i64 [[SHIFTED]], 255
; CHECK: lshr i64 255
; CHECK: [[ASK:%.*]] = icmp ne i64
; CHECK: br i1 [[ASK]]
; CHECK: call preserve_mostcc void @goc_race_leaf_write_range(ptr %p, i64 20, ptr
; CHECK: ret
  call void @llvm.memset.p0.i64(ptr align 4 %p, i8 0, i64 20, i1 false)
  ret void
}
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; Anywhere in its word: as many ones, shifted.
define i8 @byte(ptr %p) sanitize_thread {
; CHECK-LABEL: define i8 @byte
; CHECK: [[AT:%.*]] = and i64 {{.*}}, 7
; CHECK: [[BYTES:%.*]] = shl i64 1, [[AT]]
; CHECK: or i64 [[BYTES]], 8796092996608
; CHECK: goc_race_leaf_read1
  %a = load i8, ptr %p, align 1
  ret i8 %a
}

; It may lie in two words: both are asked, and a no is a range's.
define i64 @unaligned(ptr %p) sanitize_thread {
; CHECK-LABEL: define i64 @unaligned
; CHECK-COUNT-4: load atomic i64
; CHECK: call preserve_mostcc void @goc_race_leaf_read_range(ptr %p, i64 8, ptr
  %a = load i64, ptr %p, align 1
  ret i64 %a
}

; The frame is taken, then filled; a full stack of frames leads to a call.
define void @enters(ptr %p) nounwind sanitize_thread {
; CHECK-LABEL: define void @enters
; CHECK: [[DEPTH:%.*]] = load atomic i32
; CHECK: [[ROOM:%.*]] = load atomic i32
; CHECK: [[FULL:%.*]] = icmp eq i32 [[DEPTH]], [[ROOM]]
; CHECK: br i1 [[FULL]], {{.*}} !prof
; CHECK: [[ENTERED:%.*]] = call i32 @goc_race_func_enter(ptr
; CHECK: [[MORE:%.*]] = add i32 [[DEPTH]], 1
; CHECK-NEXT: [[AT:%.*]] = getelementptr
; CHECK-NEXT: store atomic i32 [[MORE]], ptr [[AT]] monotonic
; CHECK: [[TOKEN:%.*]] = phi i32 [ [[ENTERED]], {{.*}} ], [ [[DEPTH]], {{.*}} ]
; CHECK: call preserve_mostcc void @goc_race_write8(ptr %p)
; CHECK: call void @callee()
; CHECK: store atomic i32 [[TOKEN]], ptr {{.*}} monotonic
; CHECK-NEXT: ret void
  store i64 1, ptr %p, align 8
  call void @callee()
  ret void
}

; Small rather than fast.
define void @small(ptr %p) optsize sanitize_thread {
; CHECK-LABEL: define void @small
; CHECK: call i32 @goc_race_func_enter
; CHECK: call preserve_mostcc void @goc_race_write8(ptr %p)
; CHECK: call void @goc_race_func_exit
; CHECK: ret
  store i64 1, ptr %p, align 8
  ret void
}

; A resolver runs before the program is linked.
@indirect = ifunc void (), ptr @resolver
define ptr @resolver() sanitize_thread {
; CHECK-LABEL: define ptr @resolver
; CHECK-NOT: goc_race
; CHECK: ret
  %a = load ptr, ptr @indirect_choice, align 8
  ret ptr %a
}
@indirect_choice = internal global ptr null
define void @choose(ptr %p) sanitize_thread {
  store ptr %p, ptr @indirect_choice, align 8
  ret void
}
