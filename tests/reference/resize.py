"""Resized images from PyTorch: F.interpolate(mode='bilinear', align_corners=False, antialias=True) in double precision.

Writes resize.json beside itself: python3 tests/reference/resize.py   (PyTorch 1.13 or later)
"""
import base64
import json
import pathlib

import torch
import torch.nn.functional as F

CASES = [((3, 8, 8), (4, 4)), ((1, 28, 28), (14, 14)), ((1, 28, 28), (10, 10)), ((2, 9, 6), (6, 4)), ((1, 8, 8), (12, 12)), ((3, 5, 7), (15, 21)), ((1, 6, 6), (1, 1))]


def main():
    torch.manual_seed(5)
    out = []
    for (channels, height, width), (h, w) in CASES:
        images = torch.randint(0, 256, (3, channels, height, width), dtype=torch.uint8)
        resized = F.interpolate(images.double(), size=(h, w), mode='bilinear', align_corners=False, antialias=True)
        out.append(
            {
                'from': {'channels': channels, 'height': height, 'width': width},
                'to': {'channels': channels, 'height': h, 'width': w},
                'images': base64.b64encode(images.numpy().tobytes()).decode(),
                'bytes': base64.b64encode(torch.round(resized).to(torch.uint8).numpy().tobytes()).decode(),
                # Where float64 itself cannot say which side of a half a value lies on.
                'ties': ((resized - resized.floor() - 0.5).abs() < 1e-9).reshape(-1).nonzero().reshape(-1).tolist(),
            }
        )
        print(f'{channels}x{height}x{width} -> {h}x{w}: {len(out[-1]["ties"])} ties of {resized.numel()}')
    path = pathlib.Path(__file__).with_name('resize.json')
    path.write_text(json.dumps({'torch': torch.__version__, 'cases': out}, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
