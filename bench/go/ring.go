package main

func main() {
	const size = 1000
	rounds := argument(1, 2000)
	var links [size]chan int32
	for i := range links {
		links[i] = make(chan int32)
	}
	for i := 0; i < size-1; i++ {
		go func(in <-chan int32, out chan<- int32) {
			for token := range in {
				out <- token + 1
			}
		}(links[i], links[i+1])
	}
	start := now()
	for i := 0; i < rounds; i++ {
		links[0] <- 1
		if <-links[size-1] != size {
			panic("wrong token")
		}
	}
	printPerOp(start, rounds*size)
}
