; What member of which struct a line accesses is noted before LLVM forgets the types.
; PASSES: goc-race-mark

; CHECK: module asm ".pushsection .goc.members,\22MS\22,@progbits,1"
; CHECK-NEXT: module asm ".asciz \223:7:16:job:work.c\22"
; CHECK-NEXT: module asm ".asciz \224:8:8:job:work.c\22"
; CHECK-NEXT: module asm ".asciz \225:9:?:job:work.c\22"
; CHECK-NEXT: module asm ".popsection"
%struct.job = type { ptr, i32, [4 x i32] }

define void @f(ptr %job, i64 %i) !dbg !4 {
  %items = getelementptr inbounds %struct.job, ptr %job, i32 0, i32 2
  %item = getelementptr inbounds [4 x i32], ptr %items, i64 0, i64 1
  store i32 1, ptr %item, !dbg !5
  %count = getelementptr inbounds %struct.job, ptr %job, i32 0, i32 1
  %old = atomicrmw add ptr %count, i32 1 seq_cst, !dbg !6
  %some = getelementptr inbounds [4 x i32], ptr %items, i64 0, i64 %i
  store i32 1, ptr %some, !dbg !7
  %neighbour = getelementptr inbounds %struct.job, ptr %job, i64 1
  store i32 1, ptr %neighbour, !dbg !8
  store i32 2, ptr %item
  ret void
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "src/work.c", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{null})
!4 = distinct !DISubprogram(name: "f", file: !1, line: 1, type: !3, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DILocation(line: 3, column: 7, scope: !4)
!6 = !DILocation(line: 4, column: 8, scope: !4)
!7 = !DILocation(line: 5, column: 9, scope: !4)
!8 = !DILocation(line: 6, column: 1, scope: !4)
