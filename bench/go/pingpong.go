package main

func pong(in <-chan int32, out chan<- int32) {
	for v := range in {
		out <- v
	}
	close(out)
}

func main() {
	rounds := argument(1, 2000000)
	there := make(chan int32)
	back := make(chan int32)
	go pong(there, back)
	start := now()
	for i := 0; i < rounds; i++ {
		there <- int32(i)
		if <-back != int32(i) {
			panic("wrong value")
		}
	}
	printPerOp(start, rounds)
}
