// Addresses of the data that comes with the page; Vite copies the files and fills the addresses in, below any base.
import digitsTestImages from '../../../datasets/digits/test-images.gz?url';
import digitsTestLabels from '../../../datasets/digits/test-labels.gz?url';
import digitsTrainImages from '../../../datasets/digits/train-images.gz?url';
import digitsTrainLabels from '../../../datasets/digits/train-labels.gz?url';
import fashionTestImages from '../../../datasets/fashion-mnist/test-images.gz?url';
import fashionTestLabels from '../../../datasets/fashion-mnist/test-labels.gz?url';
import fashionTrainImages from '../../../datasets/fashion-mnist/train-images.gz?url';
import fashionTrainLabels from '../../../datasets/fashion-mnist/train-labels.gz?url';

const four = (trainImages: string, trainLabels: string, testImages: string, testLabels: string) => [
  { name: 'train-images.gz', url: trainImages },
  { name: 'train-labels.gz', url: trainLabels },
  { name: 'test-images.gz', url: testImages },
  { name: 'test-labels.gz', url: testLabels },
];

export const builtInFiles: Readonly<
  Record<string, readonly { readonly name: string; readonly url: string }[]>
> = {
  'fashion-mnist': four(fashionTrainImages, fashionTrainLabels, fashionTestImages, fashionTestLabels),
  digits: four(digitsTrainImages, digitsTrainLabels, digitsTestImages, digitsTestLabels),
};
