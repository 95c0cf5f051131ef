"""What the old offices wrote about: invented bodies, plain sentences, and words that only look like a mark."""

from __future__ import annotations

from numpy.random import Generator

BODIES = (
    "Ty Thủy lợi Hà Phong", "Nông trường Sông Mây", "Xí nghiệp Cơ khí Tân Lạc", "Ủy ban hành chính khu Bắc Nguồn",
    "Công ty Lương thực Đồng Vọng", "Trạm Máy kéo số 7", "Cục Vật tư Liên khu", "Ban Kiến thiết cơ bản Vạn Sơn",
    "Trường Trung cấp Lâm nghiệp Khe Lim", "Phòng Thương nghiệp huyện An Tịnh", "Viện Điều dưỡng Suối Ngà",
    "Nhà máy Diêm Phú Lương", "Hợp tác xã mua bán Thanh Trì Hạ", "Sở Bưu điện Trung Hải", "Đoàn Địa chất 36B",
    "Ban Cải tạo công thương nghiệp", "Bến phà Cửa Ngòi", "Lâm trường Đèo Vẹt", "Xưởng in Sao Mai Cũ",
)  # fmt: skip
UPPER = ("BỘ NỘI VỤ KHU", "TỔNG CỤC VẬT TƯ", "ỦY BAN HÀNH CHÍNH TỈNH", "TỔNG CÔNG TY CƠ KHÍ", "BỘ LÂM NGHIỆP CŨ",
         "ỦY BAN KẾ HOẠCH LIÊN KHU", "TỈNH ĐỒNG VỌNG", "HUYỆN AN TỊNH")  # fmt: skip
PLACES = ("Hà Phong", "An Tịnh", "Vạn Sơn", "Khe Lim", "Đồng Vọng", "Tân Lạc", "Cửa Ngòi", "Phú Lương Thượng")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lương", "Mạc", "Triệu")
MIDDLE = ("Văn", "Thị", "Đình", "Xuân", "Hữu", "Bá", "Quý", "Ngọc", "Khắc", "Thế", "Như", "Duy")
GIVEN = ("Thảnh", "Lượm", "Bưởi", "Kiệm", "Ruộng", "Mận", "Nghĩa", "Tẩm", "Hoạch", "Sửu", "Nhỡ", "Vượng", "Ổn", "Đễ")
ORDERS = ("CÔNG VĂN", "BÁO CÁO", "THÔNG TRI", "CHỈ THỊ", "QUYẾT ĐỊNH", "TỜ TRÌNH", "BIÊN BẢN", "KẾ HOẠCH", "THÔNG BÁO",
          "ĐỀ CƯƠNG", "BÁO CÁO SƠ KẾT", "GIẤY CHỨNG NHẬN", "LỆNH ĐIỀU ĐỘNG", "PHƯƠNG ÁN")  # fmt: skip
MATTERS = (
    "về việc phân phối vải và phụ tùng xe đạp quý III", "về tình hình đê điều trước mùa lũ",
    "về công tác phòng trừ sâu đục thân", "điều động cán bộ kỹ thuật đi học bổ túc", "kiểm kê tài sản cố định cuối năm",
    "xin cấp thêm dầu hỏa cho các xã vùng cao", "về việc sơ tán kho hàng khỏi nội thị", "củng cố tổ đổi công",
    "về vụ cháy lán than ngày mồng 9", "thanh toán công nợ lương thực vụ mùa", "di chuyển hồ sơ lưu trữ về kho mới",
    "về tiếp nhận máy bơm chạy dầu do nước bạn giúp", "tổ chức bữa ăn giữa ca cho công nhân lò gạch",
)  # fmt: skip
_WHO = ("Ủy ban", "Ban giám đốc", "Phòng tổ chức", "Tổ công tác", "Các đồng chí phụ trách", "Văn phòng",
    "Đoàn kiểm tra",
        "Bà con xã viên", "Chi bộ nhà máy", "Bộ phận hành chính", "Anh em thợ lò", "Kế toán trưởng")  # fmt: skip
_DOES = (
    "đã nhận đủ số hàng ghi trong phiếu xuất kho", "đề nghị cấp trên xét và giải quyết sớm",
    "chưa nộp bảng thống kê theo mẫu quy định", "cần đôn đốc việc tu sửa mái đê trước ngày 15",
    "thống nhất lập danh sách những hộ thiếu đói giáp hạt", "yêu cầu niêm phong tủ hồ sơ và bàn giao chìa khóa",
    "báo cáo miệng trước, văn bản gửi sau bằng đường giao thông", "thấy kỷ luật lao động còn lỏng lẻo",
    "cử hai người áp tải toa xe chở phân lân", "đã họp kiểm điểm và rút kinh nghiệm nghiêm túc",
    "xin lĩnh bù tem gạo tháng trước cho mười bốn nhân khẩu", "sẽ chuyển trả giấy tờ này sau khi xem xong",
    "không được tự ý sửa chữa, tẩy xóa sổ sách", "ghi nhận nhiều sáng kiến tiết kiệm than và gỗ chống lò",
    "phải có người trực máy điện thoại cả ngày lẫn đêm", "đang đo lại ruộng đất ở bãi bồi phía tả ngạn",
)  # fmt: skip
_TAIL = (
    "", "", "", " như đã ghi ở biên bản kỳ trước", " trong quý này", ", trừ trường hợp mưa bão",
    " theo đúng chỉ tiêu đã giao",
    ", có chữ ký của hai bên", " tại kho Gò Găng", "; số còn lại để sang năm", " (kèm theo hai bản phụ lục)",
    " vì đường sá hư hỏng nặng", " và báo ngay cho chúng tôi biết",
)  # fmt: skip
SECRETIVE = (
    "Tài liệu thuộc độ tuyệt mật, tối mật phải do cán bộ có trách nhiệm giữ.",
    "Việc chuyển quân lương này là tuyệt mật, không bàn ở nơi đông người.",
    "Giấy tờ có đóng dấu Mật hay Tối mật không được gửi theo bưu phẩm thường.",
    "Ai làm lộ bí mật, đánh mất tài liệu mật phải chịu kỷ luật.",
    "Sổ ghi tài liệu \"Tuyệt mật\" để riêng trong hòm sắt, ngoài khóa có niêm phong.",
    "Văn thư không bóc bì có chữ TUYỆT MẬT mà trao tận tay thủ trưởng.",
    "Mặt trận Tổ quốc xã vận động bà con giữ bí mật, phòng gian.",
    "Mật ong rừng thu mua mỗi lít 4 đồng 20, mật mía 1 đồng 10.",
    "Mật độ cấy 45 khóm một thước vuông, tuyệt đối không cấy thưa.",
)  # fmt: skip
SECRET_TITLES = (
    "DANH MỤC TÀI LIỆU TUYỆT MẬT VÀ TỐI MẬT GIAO NỘP NĂM 1974", "SỔ ĐĂNG KÝ CÔNG VĂN MẬT ĐẾN TỪ 1-3 ĐẾN 30-6",
    "QUY ĐỊNH VỀ GIỮ GÌN BÍ MẬT NHÀ NƯỚC TRONG CƠ QUAN", "BẢNG KÊ HỒ SƠ TUYỆT MẬT TIÊU HỦY ĐỢT II",
    "THỐNG KÊ VĂN BẢN MẬT, TỐI MẬT, TUYỆT MẬT ĐANG GIỮ", "HỌC TẬP CHỈ THỊ PHÒNG GIAN BẢO MẬT",
)  # fmt: skip
FRAMED = (
    "TUYỆT ĐỐI CẤM LỬA",
    "MẶT TRẬN",
    "MẬT KHẨU: SAO KHUÊ",
    "MẬT ONG LOẠI I",
    "TUYỆT TÁC",
    "TỔ MẬT MÃ",
    "TỐI HẬU THƯ",
    "THƯỢNG KHẨU",
    "CHẬT - RỘNG",
    "MẶT CẮT A-A",
    "TUYẾT MAI",
    "GIỮ BÍ MẬT",
    "NƯỚC MẮT",
    "KHÔ RÁO",
    "MẤT HIỆU LỰC",
)
BOXED = (
    "DỰ THẢO",
    "LƯU",
    "SAO Y",
    "ĐÃ KIỂM TRA",
    "SAO Y BẢN CHÍNH",
    "ĐÃ VÀO SỔ",
    "ĐÃ THANH TOÁN",
    "KHÔNG PHỔ BIẾN",
    "HỦY BỎ",
    "XEM XONG TRẢ LẠI",
    "TRẦN ĐÌNH KIỆM",
    "PHÒNG LƯU TRỮ",
    "ĐÃ CHỈNH LÝ",
    "BẢN GỐC",
    "LƯU HÀNH NỘI BỘ",
    "KHO GÒ GĂNG",
    "TRÌNH KÝ",
    "GỬI BẢO ĐẢM",
    "MÁY BAY",
    "ĐÃ ĐỐI CHIẾU",
    "HÀNG DỄ VỠ",
    "NỘI BỘ",
    "THU TIỀN MẶT",
)
GOODS = (
    "Vải phin trắng khổ 0,8",
    "Xà phòng 72%",
    "Đinh 5 phân",
    "Săm lốp xe thồ",
    "Dầu hỏa",
    "Giấy than",
    "Ruy băng máy chữ",
    "Muối hạt",
    "Đường hoa mai",
    "Sắn lát khô",
    "Than cám 4",
    "Bóng đèn 40W",
    "Chiếu cói",
    "Phân đạm",
    "Mật mía",
)
NOTES = (
    "Đã xem",
    "Chuyển đ/c Hoạch",
    "Lưu hồ sơ",
    "Đồng ý",
    "Trình đ/c Phó",
    "Hỏi lại kho",
    "Gấp!",
    "Cho ý kiến trước 20/6",
)
LEVEL_CELLS = ("Tuyệt mật", "Tối mật", "Mật", "Thường", "Tuyệt mật", "TM", "Mật", "Không", "tối mật")
STATES = (("VIỆT NAM DÂN CHỦ CỘNG HÒA", "Độc lập - Tự do - Hạnh phúc"),
          ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
          ("CỘNG HÒA MIỀN NAM VIỆT NAM", "Độc lập - Dân chủ - Hòa bình - Trung lập"))  # fmt: skip


def pick(rng: Generator, words: tuple[str, ...]) -> str:
    """One of several."""
    return words[int(rng.integers(len(words)))]


def person(rng: Generator) -> str:
    """A name that nobody bears."""
    return f"{pick(rng, FAMILY)} {pick(rng, MIDDLE)} {pick(rng, GIVEN)}"


def year(rng: Generator) -> int:
    """A year of the old archive."""
    return int(rng.integers(1955, 2000))


def day(rng: Generator) -> str:
    """A date as clerks wrote it."""
    sep = pick(rng, ("/", "-", "."))
    return f"{int(rng.integers(1, 29))}{sep}{int(rng.integers(1, 13))}{sep}{year(rng) % 100}"


def number(rng: Generator) -> str:
    """A number and symbol of a paper."""
    letters = pick(rng, ("VP", "TC/CB", "KH", "BB-UB", "TL-NĐ", "HC/QT", "NgT", "CV/TV", "TN-3", "P2"))
    return f"{int(rng.integers(1, 2400))}-{letters}"


def sentence(rng: Generator) -> str:
    """One sentence of office business."""
    return f"{pick(rng, _WHO)} {pick(rng, _DOES)}{pick(rng, _TAIL)}."


def paragraph(rng: Generator, count: int, tempting: float = 0.15) -> str:
    """Some sentences; now and then one that speaks of secrets."""
    return " ".join(pick(rng, SECRETIVE) if rng.random() < tempting else sentence(rng) for _ in range(count))
