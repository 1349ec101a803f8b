"""The PyTorch side of `bench train|infer --peer pytorch`: one JSON job a line on stdin, one JSON answer on stdout.

{"net", "batch", "size", "train", "compile", "device", "amp"} builds torchvision's network with 3 sigmoid outputs,
channels-last (the faster layout), on `cpu` or `cuda` (TF32, as TensorFlow; with amp in bfloat16), and warms it up;
{"runs": n} answers {"ms": [n times of one step or prediction]};
{"memory": true} answers {"maxRssMB"}.
"""
import json
import resource
import sys
import time

import torch
import torchvision

names = {"resnet18": "resnet18", "mobilenetv2": "mobilenet_v2"}


def build(job):
    torch.manual_seed(1)
    device = job["device"]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    model = getattr(torchvision.models, names[job["net"]])(num_classes=3).to(device, memory_format=torch.channels_last)
    shape = (job["batch"], 3, job["size"], job["size"])
    x = torch.rand(shape).to(device, memory_format=torch.channels_last)
    y = torch.rand(job["batch"], 3).to(device)
    half = lambda: torch.autocast(device, dtype=torch.bfloat16, enabled=job["amp"])
    model.train(job["train"])
    forward = torch.compile(model) if job["compile"] else model
    if not job["train"]:
        def predict():
            with torch.inference_mode(), half():
                return torch.sigmoid(forward(x))[0, 0].item()
        return predict
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimiser.zero_grad()
        with half():
            logits = forward(x)
        loss = torch.nn.functional.mse_loss(torch.sigmoid(logits.float()), y)
        loss.backward()
        optimiser.step()
        return loss.item()
    return step


def milliseconds(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def answer(job):
    global work
    if "net" in job:
        work = build(job)
        for _ in range(3):
            work()
        return {"version": torch.__version__, "threads": torch.get_num_threads()}
    if "runs" in job:
        return {"ms": [milliseconds(work) for _ in range(job["runs"])]}
    return {"maxRssMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
