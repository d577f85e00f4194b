; The checks of a cursor's lines, and the one behind the loop, have the access's line and column;
; a function that calls nothing else brings its caller along.
; PASSES: goc-race

define void @f(ptr %v, i32 %pivot) sanitize_thread !dbg !4 {
; CHECK: up:
; CHECK: call preserve_mostcc void @goc_race_leaf_read_range({{.*}}), !dbg [[ACCESS:![0-9]+]]
; CHECK: exit:
; CHECK: call preserve_mostcc void @goc_race_leaf_read_range({{.*}}), !dbg [[ACCESS]]
; CHECK: [[ACCESS]] = !DILocation(line: 7, column: 12,
entry:
  br label %around, !dbg !6
around:
  %i.first = phi i64 [ 0, %entry ], [ %i.next, %next ]
  br label %up, !dbg !6
up:
  %i = phi i64 [ %i.first, %around ], [ %i.next, %up ]
  %p = getelementptr inbounds i32, ptr %v, i64 %i
  %x = load i32, ptr %p, align 4, !dbg !7
  %below = icmp slt i32 %x, %pivot
  %i.next = add nsw i64 %i, 1
  br i1 %below, label %up, label %next, !dbg !6
next:
  %more = icmp ne i32 %x, 0
  br i1 %more, label %around, label %exit, !dbg !6
exit:
  ret void, !dbg !6
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !3}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "f.c", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !{i32 7, !"Dwarf Version", i32 5}
!4 = distinct !DISubprogram(name: "f", file: !1, line: 3, type: !5, scopeLine: 4, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DISubroutineType(types: !8)
!6 = !DILocation(line: 6, column: 5, scope: !4)
!7 = !DILocation(line: 7, column: 12, scope: !4)
!8 = !{}
