"""What office paper says: bodies, people, places, dates and sentences, all invented."""

from __future__ import annotations

from tools.pagegen.guests.east.dice import Dice

PLACES = (
    "Sông Lam Thượng", "Hòa Khê", "Phước Bình Đông", "An Lũng", "Vĩnh Trạch", "Tân Kỳ Sơn", "Bắc Mỹ Lộc", "Đại Ngãi",
    "Thạch Quế", "Yên Trường", "Lộc Hiệp", "Mường Khoa", "Cù Bị", "Trà Ôn Hạ", "Đông Giã", "Kim Xuyên",
)  # fmt: skip
UPPER = (
    "ỦY BAN NHÂN DÂN TỈNH {P}", "SỞ THỦY LỢI {P}", "TỔNG CÔNG TY CƠ KHÍ {P}", "BỘ CÔNG NGHIỆP NHẸ", "TỈNH ỦY {P}",
    "LIÊN HIỆP ĐƯỜNG SẮT {P}", "CỤC DỰ TRỮ KHU VỰC {P}", "ỦY BAN HÀNH CHÍNH {P}", "TRƯỜNG ĐẠI HỌC {P}", "SỞ Y TẾ {P}",
)  # fmt: skip
BODIES = (
    "PHÒNG TỔ CHỨC CÁN BỘ", "BAN QUẢN LÝ HỒ ĐẬP", "CHI CỤC LƯU TRỮ", "XÍ NGHIỆP VẬN TẢI SỐ {d}", "TRẠM THÚ Y",
    "VĂN PHÒNG", "NÔNG TRƯỜNG CÀ PHÊ", "ĐÀI TRUYỀN THANH", "PHÒNG KẾ HOẠCH - TÀI VỤ", "NHÀ MÁY GẠCH NGÓI",
    "HỢP TÁC XÃ MUA BÁN", "BỆNH VIỆN ĐA KHOA", "ĐỘI THUẾ SỐ {d}", "ỦY BAN MẶT TRẬN TỔ QUỐC", "HỘI ĐỒNG THI ĐUA",
    "BAN CHỈ ĐẠO KIỂM KÊ", "CẢNG SÔNG", "KHO LƯƠNG THỰC SỐ {d}", "TRUNG TÂM KHÍ TƯỢNG", "BAN CƠ YẾU",
)  # fmt: skip
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh")
MIDDLE = ("Văn", "Thị", "Đức", "Quang", "Hữu", "Ngọc", "Xuân", "Đình", "Thanh", "Bá", "Kim", "Trọng")
GIVEN = ("Lựu", "Khảm", "Thưởng", "Nhạn", "Dũ", "Quyến", "Vạng", "Ổn", "Tuệ", "Khuê", "Điền", "Sử", "Hợi", "Mẫn", "Ưng")
MATTERS = (
    "tu bổ đê điều trước mùa mưa bão", "kiểm kê tài sản cố định", "cấp phát vật tư phụ tùng", "điều động lao động",
    "chỉnh lý hồ sơ tồn đọng", "quyết toán kinh phí sửa chữa nhà kho", "phòng chống dịch bệnh gia súc",
    "quy hoạch tuyến đường liên xã", "tuyển sinh hệ bổ túc", "thu mua nông sản vụ đông", "bảo vệ bí mật nhà nước",
    "lắp đặt tổng đài điện thoại", "nâng bậc lương công nhân", "phân bổ chỉ tiêu lương thực", "đo đạc địa chính",
    "bàn giao mặt bằng xây dựng trường học", "giải quyết đơn thư khiếu nại", "trang bị máy điện toán",
    "kỷ niệm ngày thành lập ngành", "xử lý nước thải nhà máy đường", "thanh lý xe ô tô cũ", "số hóa tài liệu lưu trữ",
)  # fmt: skip
SENTENCES = (
    "Thực hiện kế hoạch công tác năm {y}, đơn vị đã tổ chức {m} và thu được một số kết quả bước đầu.",
    "Qua kiểm tra thực tế tại {p}, chúng tôi nhận thấy việc {m} còn chậm so với tiến độ đã đề ra.",
    "Đề nghị các phòng, ban, đơn vị trực thuộc khẩn trương báo cáo số liệu trước ngày {D} để tổng hợp.",
    "Tổng số tiền đã chi là {N}.000 đồng, trong đó phần ngân sách địa phương chiếm {d} phần mười.",
    "Các đồng chí phụ trách phải chịu trách nhiệm về tính chính xác của những con số nêu trong biểu kèm theo.",
    "Về phương tiện, hiện còn {d} xe tải và hai thuyền máy sử dụng được, số còn lại chờ phụ tùng thay thế.",
    "Ông {w}, cán bộ của cơ quan, được cử đến làm việc với quý đơn vị về {m}.",
    "Trong quá trình triển khai nếu có vướng mắc, đề nghị phản ánh kịp thời về {B} để xem xét, giải quyết.",
    "Thời tiết diễn biến phức tạp, mực nước tại {p} lên nhanh làm ngập hơn {N} héc-ta lúa đang trổ bông.",
    "Căn cứ biên bản họp ngày {D}, Ban Giám đốc thống nhất chủ trương {m} theo phương án thứ hai.",
    "Số công nhân nghỉ việc quá quy định giảm rõ rệt, năng suất bình quân tăng từ {d} đến {e} phần trăm.",
    "Việc bố trí chỗ ở cho các hộ phải di chuyển cần hoàn thành trước khi bước vào vụ sản xuất mới.",
    "Hồ sơ gồm {d} tập, {e} tờ, được đóng trong hộp các-tông và xếp lên giá theo thứ tự đã lập.",
    "Chúng tôi đã nhận đủ số hàng ghi trên, chất lượng bảo đảm, bao bì không bị rách ướt.",
    "Công tác tuyên truyền được tiến hành rộng rãi đến từng thôn, tổ, được nhân dân đồng tình hưởng ứng.",
    "Kho số {d} bị dột nhiều chỗ, mối đã xông vào giá gỗ, cần được sửa chữa ngay trong quý này.",
    "Nơi nào chưa có cán bộ chuyên trách thì tạm giao cho văn thư kiêm nhiệm và phải có người giám sát.",
    "Hội nghị kết thúc vào hồi 16 giờ 30 phút cùng ngày, biên bản đã được đọc lại cho mọi người cùng nghe.",
)  # fmt: skip
FRIENDS = (
    "Nghiêm cấm sao, chụp tài liệu có độ Tuyệt mật, Tối mật khi chưa được cấp có thẩm quyền cho phép.",
    "Văn thư đăng ký riêng văn bản mật, không để lẫn với công văn thường và không ghi trích yếu loại tuyệt mật.",
    "Từ \"tuyệt mật\" trong văn bản cũ nay được hiểu theo quy định mới về phân loại độ mật.",
    "Mật khẩu vào máy phải được đổi ba tháng một lần, tuyệt đối không ghi ra giấy.",
    "Mật độ cây trồng là {N} gốc trên một héc-ta; sản lượng mật ong đạt {d} tấn.",
    "Ủy ban Mặt trận Tổ quốc xã phối hợp chặt chẽ, quan hệ mật thiết với các đoàn thể.",
    "Hồ sơ {d} có một tập TUYỆT MẬT đã bàn giao cho Ban Cơ yếu, {e} tập tối mật còn giữ tại két sắt.",
    "Trường hợp làm lộ, mất tài liệu tối mật thì phải báo cáo ngay với thủ trưởng cơ quan và công an cùng cấp.",
)  # fmt: skip
HEADINGS = (
    "DANH MỤC TÀI LIỆU TUYỆT MẬT VÀ TỐI MẬT CỦA NGÀNH", "QUY ĐỊNH VỀ ĐỘ TUYỆT MẬT, TỐI MẬT, MẬT",
    "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐẾN NĂM {y}", "THỐNG KÊ HỒ SƠ TUYỆT MẬT ĐÃ GIẢI MẬT", "CÔNG TÁC MẶT TRẬN NĂM {y}",
    "BẢO VỆ BÍ MẬT NHÀ NƯỚC TRONG NGÀNH ĐƯỜNG SẮT", "HƯỚNG DẪN SỬ DỤNG MẬT KHẨU MÁY TÍNH",
)  # fmt: skip
TITLES = (
    "BÁO CÁO", "QUYẾT ĐỊNH", "TỜ TRÌNH", "THÔNG BÁO", "KẾ HOẠCH", "BIÊN BẢN", "CHỈ THỊ", "PHƯƠNG ÁN", "GIẤY GIỚI THIỆU",
    "HƯỚNG DẪN", "NGHỊ QUYẾT", "CÔNG ĐIỆN", "ĐỀ ÁN", "BẢN GIẢI TRÌNH", "GIẤY ỦY QUYỀN", "HỢP ĐỒNG",
)  # fmt: skip
BOXED = (
    "DỰ THẢO", "LƯU", "SAO Y BẢN CHÍNH", "ĐÃ KIỂM TRA", "ĐÃ THANH TOÁN", "BẢN GỐC", "XEM XONG TRẢ LẠI",
    "LƯU HÀNH NỘI BỘ", "ĐÃ VÀO SỔ", "PHÒNG ĐỌC", "TUYỆT ĐỐI AN TOÀN", "BẢN CHÍNH", "HẾT HIỆU LỰC", "ĐÃ SỐ HÓA",
    "MẶT TRẬN", "KHO LƯU TRỮ", "ĐÃ THU PHÍ", "MẬT KHẨU", "THƯỜNG", "NGUYỄN VĂN ỔN", "TRẦN THỊ NHẠN", "KHÔNG MẬT MÃ",
)  # fmt: skip
LOOKALIKES = (
    "TUYỆT ĐỐI CẤM LỬA",
    "MẶT TRẬN",
    "MẬT ONG",
    "MẬT KHẨU",
    "MẶT BẰNG",
    "TUYẾT MAI",
    "TỐI THIỂU",
    "THƯỢNG KHẢO",
)
POSTS = ("GIÁM ĐỐC", "CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG", "THỦ TRƯỞNG ĐƠN VỊ", "KT. GIÁM ĐỐC", "TL. CHỦ TỊCH")
NOTES = ("Chuyển P. Kế hoạch", "đ/c Tuệ xem", "Đã xem", "Lưu hồ sơ", "Báo cáo lại", "Trả lời trước 15/8", "Sao 3 bản")


def place(dice: Dice) -> str:
    """An invented place."""
    return dice.choice(PLACES)


def person(dice: Dice) -> str:
    """An invented name."""
    return f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"


def body(dice: Dice) -> str:
    """The body that issues, in capitals."""
    return dice.choice(BODIES).format(d=dice.randint(1, 9))


def superior(dice: Dice) -> str:
    """The body above it, in capitals."""
    return dice.choice(UPPER).format(P=place(dice).upper())


def day(dice: Dice, year: int) -> str:
    """A date in figures."""
    return f"{dice.randint(1, 28):02d}/{dice.randint(1, 12)}/{year}"


def filled(pattern: str, dice: Dice, year: int) -> str:
    """A sentence with its blanks filled."""
    return pattern.format(
        y=year, p=place(dice), m=dice.choice(MATTERS), D=day(dice, year), d=dice.randint(2, 9), e=dice.randint(11, 48),
        N=dice.randint(120, 990), w=person(dice), B=body(dice).capitalize(),
    )  # fmt: skip


def prose(dice: Dice, year: int, sentences: int, friends: float) -> str:
    """A paragraph of so many sentences; ``friends`` is the share of those that speak of secrecy."""
    said = [dice.choice(FRIENDS if dice.chance(friends) else SENTENCES) for _ in range(sentences)]
    return " ".join(filled(pattern, dice, year) for pattern in said)


def number(dice: Dice, year: int) -> str:
    """A registration number with its symbol."""
    symbol = dice.choice(("QĐ-UB", "CV/TC", "BC-VP", "TB/KH", "TTr-SYT", "KH-BQL", "NQ/ĐU", "CV-LT"))
    return f"{dice.randint(3, 980)}/{symbol}" if year < 2005 else f"{dice.randint(3, 980)}/{symbol.replace('/', '-')}"
