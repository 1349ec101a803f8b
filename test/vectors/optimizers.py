"""Updates of PyTorch's own optimisers for formula-made parameters and gradients, for test/executors/optimizers.test.ts.

    python3 optimizers.py > optimizers.json      (torch 2.15, CPU, float64)

Two tensors, six steps, a rate that changes. Only this file and PyTorch are trusted.
"""
import json
import torch

SIZES = [5, 6]
RATES = [0.01, 0.02, 0.02, 0.005, 0.003, 0.001]


def wave(n, phase):
    i = torch.arange(n, dtype=torch.float64)
    return torch.sin(i * 0.7390851332 + phase)


def gradient(tensor, step):
    # Steps of different size, so that a limit on the norm cuts some of them and not others.
    return wave(SIZES[tensor], 0.9 * step + 0.4 * tensor) * (0.02 if step % 2 else 1.5)


def case(name, make, **options):
    parameters = [torch.nn.Parameter(wave(n, 0.5 * k)) for k, n in enumerate(SIZES)]
    optimizer = make(parameters)
    after = []
    for step, rate in enumerate(RATES):
        for k, p in enumerate(parameters):
            p.grad = gradient(k, step)
        if options.get("clip"):
            torch.nn.utils.clip_grad_norm_(parameters, options["clip"])
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        after.append([p.detach().tolist() for p in parameters])
    return {"name": name, "options": options, "after": after}


optim = torch.optim
print(json.dumps({"torch": torch.__version__, "sizes": SIZES, "rates": RATES, "cases": [
    case("adam", lambda p: optim.Adam(p), optimizer="adam"),
    case("adam with weight decay", lambda p: optim.Adam(p, weight_decay=0.1), optimizer="adam", weightDecay=0.1),
    case("adamw", lambda p: optim.AdamW(p, weight_decay=0.3), optimizer="adamw", weightDecay=0.3),
    case("adamw without decay", lambda p: optim.AdamW(p, weight_decay=0.0), optimizer="adamw", weightDecay=0.0),
    case("sgd", lambda p: optim.SGD(p, momentum=0.0), optimizer="sgd", momentum=0.0),
    case("sgd with momentum and weight decay", lambda p: optim.SGD(p, momentum=0.9, weight_decay=0.1),
         optimizer="sgd", momentum=0.9, weightDecay=0.1),
    case("adam, clipped to norm 1", lambda p: optim.Adam(p), optimizer="adam", clip=1.0),
    case("sgd with momentum, clipped to norm 1", lambda p: optim.SGD(p, momentum=0.9),
         optimizer="sgd", momentum=0.9, clip=1.0),
]}))
