; Reads of what constant pointers lead to have no write to race with.
; PASSES: goc-race<calls>

@a = private constant [2 x i8] c"a\00"
@b = private constant [2 x i8] c"b\00"
@variable = global [2 x i8] zeroinitializer
@names = internal constant [3 x ptr] [ptr @a, ptr getelementptr (i8, ptr @b, i64 1), ptr null]
@mixed = internal constant [2 x { i32, ptr }] [{ i32, ptr } { i32 1, ptr @a }, { i32, ptr } { i32 2, ptr @variable }]
@records = internal constant [2 x { i32, ptr }] [{ i32, ptr } { i32 1, ptr @a }, { i32, ptr } { i32 2, ptr @b }]
@elsewhere = external constant [2 x ptr]

define i8 @chosen(i1 %c, i64 %i) sanitize_thread {
; CHECK-LABEL: define i8 @chosen
; CHECK-NOT: goc_race_read
; CHECK: ret
  %s = select i1 %c, ptr @a, ptr @b
  %p = getelementptr i8, ptr %s, i64 %i
  %v = load i8, ptr %p, align 1
  ret i8 %v
}

define i8 @chosen_variable(i1 %c) sanitize_thread {
; CHECK-LABEL: define i8 @chosen_variable
; CHECK: goc_race_read1
  %s = select i1 %c, ptr @a, ptr @variable
  %v = load i8, ptr %s, align 1
  ret i8 %v
}

define i8 @table(i64 %i, i64 %j) sanitize_thread {
; CHECK-LABEL: define i8 @table
; CHECK-NOT: goc_race_read
; CHECK: ret
  %e = getelementptr [3 x ptr], ptr @names, i64 0, i64 %i
  %s = load ptr, ptr %e, align 8
  %p = getelementptr i8, ptr %s, i64 %j
  %v = load i8, ptr %p, align 1
  %f = getelementptr [2 x { i32, ptr }], ptr @records, i64 0, i64 %i, i32 1
  %t = load ptr, ptr %f, align 8
  %w = load i8, ptr %t, align 1
  ret i8 %v
}

define i8 @table_with_variable(i64 %i) sanitize_thread {
; CHECK-LABEL: define i8 @table_with_variable
; CHECK: goc_race_read1
  %f = getelementptr [2 x { i32, ptr }], ptr @mixed, i64 0, i64 %i, i32 1
  %s = load ptr, ptr %f, align 8
  %v = load i8, ptr %s, align 1
  ret i8 %v
}

define i8 @table_elsewhere(i64 %i) sanitize_thread {
; CHECK-LABEL: define i8 @table_elsewhere
; CHECK: goc_race_read1
  %e = getelementptr [2 x ptr], ptr @elsewhere, i64 0, i64 %i
  %s = load ptr, ptr %e, align 8
  %v = load i8, ptr %s, align 1
  ret i8 %v
}

define void @write(i1 %c) sanitize_thread {
; CHECK-LABEL: define void @write
; CHECK: goc_race_write1
  %s = select i1 %c, ptr @a, ptr @b
  store i8 1, ptr %s, align 1
  ret void
}
