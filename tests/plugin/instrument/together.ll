; Accesses of one object are asked about at once, in front of the first; what one location of
; the source does to bytes that touch is one call.
; PASSES: goc-race

declare void @order() nounwind
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

; One location, as in an unrolled loop: one question to the cells, which lie side by side,
; and one call.
define void @one_location(ptr %p) sanitize_thread !dbg !5 {
; CHECK-LABEL: define void @one_location
; CHECK: [[FIRST:%.*]] = getelementptr i8, ptr [[BASE:%.*]], i64 {{%.*}}, !dbg [[HERE:![0-9]+]]
; CHECK: [[A:%.*]] = load atomic i64, ptr [[FIRST]] monotonic
; CHECK: getelementptr i8, ptr [[FIRST]], i64 8
; CHECK: getelementptr i8, ptr [[FIRST]], i64 16
; CHECK: and i64 {{%.*}}, 8796092997119
; CHECK-NEXT: icmp ne
; CHECK-NEXT: br i1
; CHECK: call preserve_mostcc void @goc_race_leaf_write_range(ptr %p, i64 24, ptr {{%.*}}), !dbg [[HERE]]
; CHECK-NOT: goc_race
; CHECK: ret void
  store i64 1, ptr %p, align 8, !dbg !6
  %b = getelementptr i8, ptr %p, i64 8
  store i64 1, ptr %b, align 8, !dbg !6
  %c = getelementptr i8, ptr %p, i64 16
  store i64 1, ptr %c, align 8, !dbg !6
  ret void
}

; Several: one question, and each has its call, with its own line.  The addresses are the
; first one's and distances from it, whichever comes first.
define void @locations(ptr %p) sanitize_thread !dbg !7 {
; CHECK-LABEL: define void @locations
; CHECK: icmp ne
; CHECK-NEXT: br i1
; CHECK: [[LOW:%.*]] = getelementptr i8, ptr %b, i64 -8
; CHECK: call preserve_mostcc void @goc_race_leaf_write8(ptr [[LOW]], ptr {{%.*}}), !dbg [[SECOND:![0-9]+]]
; CHECK: call preserve_mostcc void @goc_race_leaf_write4(ptr %b, ptr {{%.*}}), !dbg [[FIRST:![0-9]+]]
; CHECK-NOT: icmp
; CHECK: store i32 1, ptr %b, align 8, !dbg [[FIRST]]
; CHECK: store i64 1, ptr %p, align 8, !dbg [[SECOND]]
; CHECK: ret void
  %b = getelementptr i8, ptr %p, i64 8
  store i32 1, ptr %b, align 8, !dbg !8
  store i64 1, ptr %p, align 8, !dbg !9
  ret void
}

; Two places that mark one word never say all of it in its cell: apart.
define void @one_word(ptr %p) sanitize_thread !dbg !10 {
; CHECK-LABEL: define void @one_word
; CHECK: icmp ne
; CHECK: goc_race_leaf_write4(ptr %p
; CHECK: icmp ne
; CHECK: goc_race_leaf_write4(ptr %b
; CHECK: ret void
  store i32 1, ptr %p, align 8, !dbg !11
  %b = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %b, align 4, !dbg !12
  ret void
}

; One that marks it as a whole does.
define void @one_word_one_location(ptr %p) sanitize_thread !dbg !13 {
; CHECK-LABEL: define void @one_word_one_location
; CHECK: icmp ne
; CHECK: goc_race_leaf_write8(ptr %p
; CHECK-NOT: icmp
; CHECK: ret void
  store i32 1, ptr %p, align 8, !dbg !14
  %b = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %b, align 4, !dbg !14
  ret void
}

; Reads and writes leave different marks.
define i64 @kinds(ptr %p) sanitize_thread {
; CHECK-LABEL: define i64 @kinds
; CHECK: icmp ne
; CHECK: goc_race_leaf_read8
; CHECK: icmp ne
; CHECK: goc_race_leaf_write8
; CHECK: ret
  %a = load i64, ptr %p, align 8
  %b = getelementptr i8, ptr %p, i64 8
  store i64 1, ptr %b, align 8
  ret i64 %a
}

; What orders, or may not come back, stands between.
define void @apart(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @apart
; CHECK: goc_race_write8
; CHECK: call void @order
; CHECK: goc_race_write8
; CHECK: ret
  store i64 1, ptr %p, align 8
  call void @order()
  %b = getelementptr i8, ptr %p, i64 8
  store i64 1, ptr %b, align 8
  ret void
}

; An access that may not be made is not asked about before.
define void @blocks(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @blocks
; CHECK: goc_race_leaf_write8(ptr %p
; CHECK: br i1 %c
; CHECK: goc_race_leaf_write8(ptr %b
; CHECK: ret
  store i64 1, ptr %p, align 8
  br i1 %c, label %more, label %end
more:
  %b = getelementptr i8, ptr %p, i64 8
  store i64 1, ptr %b, align 8
  br label %end
end:
  ret void
}

; What is volatile is accessed exactly as the program says.
define void @volatile(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @volatile
; CHECK: goc_race_leaf_write8
; CHECK: goc_race_leaf_write8
; CHECK: ret
  store volatile i64 1, ptr %p, align 8
  %b = getelementptr i8, ptr %p, i64 8
  store volatile i64 1, ptr %b, align 8
  ret void
}

; Too far for one line of cells.
define void @far(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @far
; CHECK: icmp ne
; CHECK: goc_race_leaf_write8
; CHECK: icmp ne
; CHECK: goc_race_leaf_write8
; CHECK: ret
  store i64 1, ptr %p, align 8
  %b = getelementptr i8, ptr %p, i64 64
  store i64 1, ptr %b, align 8
  ret void
}

; Both sides of a small copy, each with what else is done to its object.
define i64 @copy(ptr %p, ptr %q) sanitize_thread {
; CHECK-LABEL: define i64 @copy
; CHECK: goc_race_leaf_read_range(ptr %q, i64 24, ptr
; CHECK: goc_race_leaf_write16(ptr %p, ptr
; CHECK-NOT: goc_race
; CHECK: ret
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %p, ptr align 8 %q, i64 16, i1 false)
  %b = getelementptr i8, ptr %q, i64 16
  %a = load i64, ptr %b, align 8
  ret i64 %a
}

; Where functions call, what one location does is one call as well.
define void @small(ptr %p) optsize sanitize_thread {
; CHECK-LABEL: define void @small
; CHECK-NOT: icmp
; CHECK: call preserve_mostcc void @goc_race_write16(ptr %p)
; CHECK-NOT: goc_race_write
; CHECK: ret
  store i64 1, ptr %p, align 8
  %b = getelementptr i8, ptr %p, i64 8
  store i64 1, ptr %b, align 8
  ret void
}

!llvm.module.flags = !{!0}
!llvm.dbg.cu = !{!1}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: FullDebug)
!2 = !DIFile(filename: "together.c", directory: "/")
!3 = !DISubroutineType(types: !4)
!4 = !{null}
!5 = distinct !DISubprogram(name: "one_location", file: !2, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!6 = !DILocation(line: 7, column: 15, scope: !5)
!7 = distinct !DISubprogram(name: "locations", file: !2, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!8 = !DILocation(line: 4, column: 8, scope: !7)
!9 = !DILocation(line: 5, column: 8, scope: !7)
!10 = distinct !DISubprogram(name: "one_word", file: !2, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!11 = !DILocation(line: 6, column: 8, scope: !10)
!12 = !DILocation(line: 6, column: 16, scope: !10)
!13 = distinct !DISubprogram(name: "one_word_one_location", file: !2, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!14 = !DILocation(line: 7, column: 8, scope: !13)
