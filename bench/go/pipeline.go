package main

const (
	stages = 4
	fields = 8
	buffer = 16
)

type item struct {
	field [fields]int
}

func produce(out chan<- *item, count int) {
	for i := 0; i < count; i++ {
		made := new(item)
		for f := range made.field {
			made.field[f] = i + f
		}
		out <- made
	}
	close(out)
}

func stage(in <-chan *item, out chan<- *item) {
	for handed := range in {
		for f := range handed.field {
			handed.field[f] += f
		}
		out <- handed
	}
	close(out)
}

func main() {
	count := argument(1, 200000)
	var c [stages + 1]chan *item
	for i := range c {
		c[i] = make(chan *item, (1-i%2)*buffer)
	}
	start := now()
	go produce(c[0], count)
	for i := 0; i < stages; i++ {
		go stage(c[i], c[i+1])
	}
	sum := 0
	for handed := range c[stages] {
		sum += handed.field[1]
	}
	if sum != count*(count-1)/2+(1+stages)*count {
		panic("wrong sum")
	}
	printMs(start)
}
