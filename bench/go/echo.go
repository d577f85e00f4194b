package main

import (
	"fmt"
	"net"
	"sort"
	"sync"
	"time"
)

const requests, bytes, bufferSize = 200000, 64, 4096

func serve(conn net.Conn) {
	buffer := make([]byte, bufferSize)
	for {
		got, err := conn.Read(buffer)
		if err != nil {
			break
		}
		if _, err := conn.Write(buffer[:got]); err != nil {
			break
		}
	}
	conn.Close()
}

func ask(conn net.Conn, latencies []time.Duration, done *sync.WaitGroup) {
	question := make([]byte, bytes)
	answer := make([]byte, bufferSize)
	for i := range latencies {
		start := now()
		if _, err := conn.Write(question); err != nil {
			panic(err)
		}
		for have := 0; have < bytes; {
			got, err := conn.Read(answer)
			if err != nil {
				panic(err)
			}
			have += got
		}
		latencies[i] = now() - start
	}
	conn.Close()
	done.Done()
}

func main() {
	connections := argument(1, 64)
	percentile := argument(2, 0) == 1
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn)
		}
	}()
	each := requests / connections
	latencies := make([]time.Duration, each*connections)
	conns := make([]net.Conn, connections)
	for i := range conns {
		if conns[i], err = net.Dial("tcp", listener.Addr().String()); err != nil {
			panic(err)
		}
	}
	var done sync.WaitGroup
	done.Add(connections)
	start := now()
	for i, conn := range conns {
		go ask(conn, latencies[i*each:(i+1)*each], &done)
	}
	done.Wait()
	seconds := (now() - start).Seconds()
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	if percentile {
		fmt.Printf("%.3f\n", float64(latencies[len(latencies)*99/100])/1000)
	} else {
		fmt.Printf("%.3f\n", float64(len(latencies))/seconds)
	}
}
