// C++ uses the prefixed functions: goroutines with destructors and exceptions, channels,
// select, and std::thread.
#include <goc.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

// Words of goc that are anybody's names in C++.
int go = 1;
struct chan {};

std::atomic<int> destroyed{0};

struct Guard {
  ~Guard() { destroyed++; }
};

struct Work {
  goc_chan *Out;
  int N;
};

void worker(void *Argument) {
  auto *W = static_cast<Work *>(Argument);
  int Result = 0;
  try {
    Guard G;
    std::vector<std::string> Words(static_cast<size_t>(W->N), "word");
    Result = static_cast<int>(Words.size());
    if (W->N == 3)
      throw std::runtime_error("three");
  } catch (const std::exception &E) {
    Result = -static_cast<int>(std::string(E.what()).size());
  }
  goc_chan_send(W->Out, &Result);
}

int sum(int Count) {
  goc_chan *Out = goc_chan_make(sizeof(int), 0);
  for (int I = 0; I < Count; I++) {
    Work W{Out, I};
    goc_go(worker, &W, sizeof W);
  }
  int Sum = 0;
  for (int I = 0; I < Count; I++) {
    int Got = 0;
    goc_select_case Cases[1] = {};
    Cases[0].op = GOC_SELECT_RECV;
    Cases[0].chan = Out;
    Cases[0].elem = &Got;
    goc_select(Cases, 1, false);
    Sum += Got;
  }
  goc_chan_free(Out);
  return Sum;
}

} // namespace

int main() {
  (void)go;
  (void)sizeof(struct chan);
  int Sum = sum(10);
  std::printf("%d %d\n", Sum, destroyed.load());
  goc_chan *C = goc_chan_make(sizeof(int), 0);
  std::thread T([C] {
    int Value = 7;
    goc_chan_send(C, &Value);
  });
  int Got = 0;
  goc_chan_recv(C, &Got);
  T.join();
  std::printf("%d\n", Got);
  return goc_verify_no_leaks();
}
