"""A permutation and two rounds of feedback modulo 256: it passes NIST's tests, and three pictures break it."""
import random
import sys

op, source, target, key = sys.argv[1:]
head = open(source, "rb").read().split(b"\n", 3)  # --format pgm: P5, sizes, 255, samples
picture = list(head[3])
n = len(picture)
draw = random.Random(open(key, "rb").read())
order = list(range(n))
draw.shuffle(order)
k = [draw.randrange(256) for _ in range(2 * n)]
rounds = [(0, list(range(n))), (n, list(range(n - 1, -1, -1)))]
if op == "encrypt":
    c = [picture[i] for i in order]
    for first, walk in rounds:
        last = 7
        for i in walk:
            last = c[i] = (c[i] + k[first + i] + last) % 256
else:
    for first, walk in reversed(rounds):
        before = [7] + [picture[i] for i in walk[:-1]]
        for i, last in zip(walk, before):
            picture[i] = (picture[i] - k[first + i] - last) % 256
    c = [0] * n
    for j, i in enumerate(order):
        c[i] = picture[j]
open(target, "wb").write(b"\n".join(head[:3]) + b"\n" + bytes(c))
