"""Names and shapes of torchvision's and timm's tensors, for test/models/import.test.ts.

    python3 weight-names.py > weight-names.json      (torch 2.15, torchvision 0.29, timm 1.0)

Counters are left out. That timm's tensors are torchvision's in the same order is checked here: with the values
moved over in order, both give the same outputs.
"""
import json
import timm
import torch
import torchvision


def state(model):
    return {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}


@torch.no_grad()
def same(ours, theirs):
    generator = torch.Generator().manual_seed(1)
    for (_, a), (name, b) in zip(state(ours).items(), state(theirs).items(), strict=True):
        value = torch.rand(a.shape, generator=generator) * 0.1
        a.copy_(value + 0.5 if name.endswith("running_var") else value)
        b.copy_(a)
    x = torch.rand(2, 3, 64, 64, generator=generator)
    assert torch.allclose(ours.eval()(x), theirs.eval()(x), rtol=1e-5)


out = {"torchvision": torchvision.__version__, "timm": timm.__version__}
for ours, tv, other in [("resnet18", "resnet18", "resnet18"), ("mobilenetv2", "mobilenet_v2", "mobilenetv2_100"),
                        ("resnet34", "resnet34", "resnet34")]:
    mine, theirs = getattr(torchvision.models, tv)(), timm.create_model(other, pretrained=False)
    same(mine, theirs)
    out[ours] = {lib: [[k, list(v.shape)] for k, v in state(model).items()]
                 for lib, model in [("torchvision", mine), ("timm", theirs)]}
print(json.dumps(out, separators=(",", ":")))
