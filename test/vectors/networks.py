"""Outputs of torchvision's own networks for formula-made weights and images, for test/models/torchvision.test.ts.

    python3 networks.py > networks.json      (torch 2.15, torchvision 0.29, CPU, float64 and float32)

Every parameter k of a network (in the order of state_dict, counters left out) is filled by a formula, so no
weights need to be stored. Only this file and PyTorch's definition of the networks are trusted.
"""
import json
import math
import torch
import torchvision


def wave(n, phase):
    i = torch.arange(n, dtype=torch.float64)
    return torch.sin(i * 0.7390851332 + phase)


@torch.no_grad()
def fill(model):
    state = model.state_dict()
    names = [n for n in state if not n.endswith("num_batches_tracked")]
    for k, name in enumerate(names):
        shape, n = state[name].shape, state[name].numel()
        w = wave(n, 0.1 * k).reshape(shape)
        if name.endswith("running_var") or (len(shape) == 1 and name.endswith("weight")):
            w = 1 + 0.25 * w
        elif len(shape) == 1:
            w = 0.1 * w
        else:
            w = w * math.sqrt(2 / (n / shape[0]))
        state[name].copy_(w)
    return names


def case(name, size):
    out = {"name": name, "size": size}
    for dtype in (torch.float64, torch.float32):
        model = getattr(torchvision.models, name)(num_classes=3).to(torch.float64)
        names = fill(model)
        model = model.to(dtype)
        x = (0.5 + 0.5 * wave(2 * 3 * size * size, 0.3)).reshape(2, size, size, 3).permute(0, 3, 1, 2).to(dtype)
        model.eval()
        outputs = torch.sigmoid(model(x))
        model.train()
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        y = torch.tensor([[0.1, 0.5, 0.9], [0.3, 0.2, 0.7]], dtype=dtype)
        loss = ((torch.sigmoid(model(x)) - y) ** 2).mean()
        loss.backward()
        tag = "f64" if dtype is torch.float64 else "f32"
        state = model.state_dict()
        first = names[next(i for i, n in enumerate(names) if n.endswith("running_mean"))]
        out[tag] = {
            "outputs": outputs.flatten().tolist(),
            "loss": loss.item(),
            # one number a tensor: its scalar product with a wave, in PyTorch's layout
            "gradients": [(p.grad.double().flatten() * wave(p.numel(), 0.2)).sum().item() for p in model.parameters()],
            "runningMean": state[first].tolist()[:4],
            "runningVar": state[first.replace("mean", "var")].tolist()[:4],
        }
        out["names"] = [n for n, _ in model.named_parameters()]
    return out


print(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__,
                  "cases": [case("resnet18", 64), case("mobilenet_v2", 64), case("resnet18", 224)]}))
