; The check in front of a loop has the access's line and column.
; PASSES: goc-race<calls>

define void @f(ptr %a, i64 %n) sanitize_thread !dbg !4 {
; CHECK: call preserve_mostcc void @goc_race_write_range({{.*}}), !dbg [[ACCESS:![0-9]+]]
; CHECK: [[ACCESS]] = !DILocation(line: 7, column: 12,
entry:
  br label %loop, !dbg !6
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  store i32 1, ptr %p, align 4, !dbg !7
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop, !dbg !6
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
