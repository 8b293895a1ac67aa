//! Where the known data sets are published, and the checksums by which their files are known.
//!
//! The MD5 sums of MNIST, Fashion-MNIST and KMNIST are those that torchvision holds its downloads to, those of CIFAR stand on its authors' page. MD5 tells a damaged file from a whole
//! one; that nobody has made another file of the same sum on purpose it does not.

use clap::ValueEnum;

use crate::data::DataKind;

/// A data set that can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Published {
    /// Handwritten digits (also for stacked_mnist), 12 MB.
    Mnist,
    /// Clothes, 31 MB.
    FashionMnist,
    /// Cursive Japanese characters, 21 MB.
    Kmnist,
    /// Photographs of 10 things, 170 MB.
    Cifar10,
    /// Photographs of 100 things, 169 MB.
    Cifar100,
}

/// A file by its name and the MD5 of its bytes.
pub type Known = (&'static str, &'static str);

impl Published {
    /// The data set it is.
    pub fn kind(self) -> DataKind {
        match self {
            Self::Mnist => DataKind::Mnist,
            Self::FashionMnist => DataKind::FashionMnist,
            Self::Kmnist => DataKind::Kmnist,
            Self::Cifar10 => DataKind::Cifar10,
            Self::Cifar100 => DataKind::Cifar100,
        }
    }

    /// What the names of its files are appended to.
    pub fn base(self) -> &'static str {
        match self {
            Self::Mnist => "https://ossci-datasets.s3.amazonaws.com/mnist/",
            Self::FashionMnist => "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            Self::Kmnist => "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            Self::Cifar10 | Self::Cifar100 => "https://www.cs.toronto.edu/~kriz/",
        }
    }

    /// Its files.
    pub fn files(self) -> &'static [Known] {
        match self {
            Self::Mnist => &[
                ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
                ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
                ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
            ],
            Self::FashionMnist => &[
                ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
                ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
                ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
            ],
            Self::Kmnist => &[
                ("train-images-idx3-ubyte.gz", "bdb82020997e1d708af4cf47b453dcf7"),
                ("train-labels-idx1-ubyte.gz", "e144d726b3acfaa3e44228e80efcd344"),
                ("t10k-images-idx3-ubyte.gz", "5c965bf0a639b31b8f53240b1b52f4d7"),
                ("t10k-labels-idx1-ubyte.gz", "7320c461ea6c1c855c0b718fb2a4b134"),
            ],
            Self::Cifar10 => &[("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")],
            Self::Cifar100 => &[("cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8")],
        }
    }
}
