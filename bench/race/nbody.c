/* N bodies: floating point over a few structs that stay in the cache. */
#include "bench.h"

#include <math.h>

enum { BODIES = 5 };

static struct body {
    double x, y, z, vx, vy, vz, mass;
} bodies[BODIES];

static void advance(double dt)
{
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            struct body *a = &bodies[i], *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double magnitude = dt / (square * sqrt(square));
            a->vx -= dx * b->mass * magnitude;
            a->vy -= dy * b->mass * magnitude;
            a->vz -= dz * b->mass * magnitude;
            b->vx += dx * a->mass * magnitude;
            b->vy += dy * a->mass * magnitude;
            b->vz += dz * a->mass * magnitude;
        }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

int main(int argc, char **argv)
{
    int steps = bench_argument(argc, argv, 1, 400000);
    for (int i = 0; i < BODIES; i++)
        bodies[i] = (struct body){i, 2.0 * i, i * i, 0.1 * i, 0, 0.2, 1.0 / (1 + i)};
    int64_t start = bench_now_ns();
    for (int i = 0; i < steps; i++)
        advance(0.001);
    int64_t ended = bench_now_ns();
    if (isnan(bodies[0].x))
        abort();
    bench_print((double)(ended - start) / 1e6);
}
