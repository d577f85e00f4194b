package main

func main() {
	count := argument(1, 50000000)
	c := make(chan int32)
	misses := 0
	start := now()
	for i := 0; i < count; i++ {
		select {
		case <-c:
			panic("nobody sends")
		default:
			misses++
		}
	}
	if misses != count {
		panic("wrong count")
	}
	printPerOp(start, count)
}
