package main

const channels = 8

func select2(c *[channels]chan int32) (int, int32) {
	select {
	case v := <-c[0]:
		return 0, v
	case v := <-c[1]:
		return 1, v
	}
}

func select8(c *[channels]chan int32) (int, int32) {
	select {
	case v := <-c[0]:
		return 0, v
	case v := <-c[1]:
		return 1, v
	case v := <-c[2]:
		return 2, v
	case v := <-c[3]:
		return 3, v
	case v := <-c[4]:
		return 4, v
	case v := <-c[5]:
		return 5, v
	case v := <-c[6]:
		return 6, v
	case v := <-c[7]:
		return 7, v
	}
}

func main() {
	used := argument(1, 2)
	blocking := argument(2, 0)
	count := argument(3, 2000000)
	var c [channels]chan int32
	for i := range c {
		c[i] = make(chan int32, 1-blocking)
	}
	if blocking == 1 {
		go func() {
			for i := 0; i < count; i++ {
				c[i%used] <- int32(i)
			}
		}()
	}
	start := now()
	for i := 0; i < count; i++ {
		if blocking == 0 {
			c[i%used] <- int32(i)
		}
		var arm int
		var v int32
		if used == 2 {
			arm, v = select2(&c)
		} else {
			arm, v = select8(&c)
		}
		if arm != i%used || v != int32(i) {
			panic("wrong arm")
		}
	}
	printPerOp(start, count)
}
