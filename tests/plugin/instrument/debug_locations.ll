; Each inserted call stands at the line and column of what it speaks for.
; PASSES: goc-race<calls>

define void @f(ptr %p, ptr %q) nounwind sanitize_thread !dbg !4 {
; CHECK: call i32 @goc_race_func_enter({{.*}}), !dbg [[ENTRY:![0-9]+]]
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p), !dbg [[STORE:![0-9]+]]
; CHECK: call i32 @goc_race_atomic32_fetch_add({{.*}}), !dbg [[ADD:![0-9]+]]
; CHECK: call void @goc_race_func_exit({{.*}}), !dbg [[RETURN:![0-9]+]]
; CHECK-DAG: [[ENTRY]] = !DILocation(line: 7, scope:
; CHECK-DAG: [[STORE]] = !DILocation(line: 8, column: 3, scope:
; CHECK-DAG: [[ADD]] = !DILocation(line: 9, column: 5, scope:
; CHECK-DAG: [[RETURN]] = !DILocation(line: 10, column: 1, scope:
  store i32 1, ptr %p, align 4, !dbg !7
  %o = atomicrmw add ptr %q, i32 1 seq_cst, !dbg !8
  ret void, !dbg !9
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!3}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "a.c", directory: "/")
!3 = !{i32 2, !"Debug Info Version", i32 3}
!4 = distinct !DISubprogram(name: "f", scope: !1, file: !1, line: 6, scopeLine: 7, type: !5, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DISubroutineType(types: !6)
!6 = !{}
!7 = !DILocation(line: 8, column: 3, scope: !4)
!8 = !DILocation(line: 9, column: 5, scope: !4)
!9 = !DILocation(line: 10, column: 1, scope: !4)
